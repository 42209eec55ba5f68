"""Every statement that reads answers leaves out those that were taken back, or is named here with its reason."""

import re

from storage.work.consents import TAKEN_BACK
from tests.storage.statements import statements

READS = re.compile(r"\b(?:FROM|JOIN)\s+submissions\b", re.IGNORECASE)
SPEAKS = re.compile(r"\b(?:\w+\.)?answer\b")  # a column of submissions, or of what was one before a change
LEAVES_OUT = ("taken_back", "consented_at IS NOT NULL", "withdrawn_at IS NOT NULL THEN NULL")
ONE_ROW = (
    "one row by its number, of which services ask `unit.consents.is_taken_back` before they show it to anybody else"
)
# What takes answers back, or erases them; what their worker alone reads.
OTHERWISE = ("consents.", "erasure.", "personal_data.")
MAY: dict[str, str] = {
    "corrections.STORE_FORMER_ANSWER": "keeps an answer beside the one that replaces it",
    "gold.ANSWERS": "all are judged, as pay may hang on it; what they say is not told",
    "appeals.SELECT_JUDGE_HISTORY": "how a person's own answers agree, to draw judges",
    "review.SELECT_CANDIDATE": "a place in the order of doubt, of an answer that was passed",
    "models.AGREEING": "how a worker's own answers agree, where they work",
    "submissions.BY_ID": ONE_ROW,
    "submissions.SELECT_HELD_DUE": "pending pay whose time is over",
    "submissions.SELECT_HELD": "pending pay of a worker who qualified",
    "submissions.SELECT_BY_ASSIGNMENT": ONE_ROW,
}


def without_condition() -> set[str]:
    found = {}
    for name, sql in statements().items():
        if (
            not name.startswith(OTHERWISE)
            and READS.search(sql)
            and SPEAKS.search(sql)
            and not any(part in sql for part in LEAVES_OUT)
        ):
            found[name] = sql
    return set(found)


def test_no_statement_reads_what_was_taken_back():
    assert without_condition() == set(MAY)


def test_the_condition_is_one_of_those_that_are_looked_for():
    assert any(part in TAKEN_BACK for part in LEAVES_OUT)
