"""`/mydata` holds every table that holds something of a person: the schema is walked, column by column."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from formats.personal_data import fields_of
from handlers.people.personal_data import field_names, section_names
from locales import translator
from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import migrate
from storage.people.personal_data import EVERYTHING_ABOUT

# Rows that are a person's own: what refers to them is about that person too.
OWN = (
    "people",
    "submissions",
    "assignments",
    "payees",
    "questions",
    "appeals",
    "rejections",
    "reports",
    "restrictions",
    "complaints",
)
# Columns that name a person without a reference, and columns that look like it.
UNREFERENCED = {("accounts", "name"), ("inbox", "person"), ("outbox", "assignment")}
LOOKS_LIKE = re.compile(
    r"person|worker|requester|voter|author|signer|asker|reporter|candidate|username|telegram|iban|(?<!confirm)_by$"
)
# Why a column is not asked for.
NOT_SHOWN = {
    ("bots", "username"): "the name of one of the house's bots",
    ("card_payments", "account"): "the payer's own account, or that of their team",
    ("card_report_lines", "booked_by"): "an admin booked a line of the provider's report: what it booked is in noted",
    ("hub_pushes", "requester"): "of a push under way, gone when it ends; that they asked for it is in noted",
    ("team_pushes", "member"): "of a push under way; that they asked for it is in noted",
    ("people", "acts_for"): "a team, which is in teams",
    ("role_invitations", "made_by"): "an admin invited somebody: it is in noted",
    ("teams", "id"): "a team is no person; its members are in teams",
    ("remembered", "person"): "of erased people alone, who cannot ask; what it leads to is in known_from_before",
    ("payee_mates", "mate"): "pairs are stored both ways round: a person's own half is in account_shared",
    ("board_posts", "author"): "the hash of a pen, which is not kept: nobody can tell whose it is",
    ("board_signatures", "signer"): "the hash of a pen, which is not kept: nobody can tell whose it is",
    ("election_ballots", "voter"): "the hash of a number that only the voter's message holds",
    ("election_ballots", "candidate"): "a voice for a candidate; how many there were is in stood_for_steward",
    ("ratings", "requester"): "who rated whom is the worker's; what a requester is shown is in ratings_received",
    ("rating_asks", "requester"): "who is to be asked is the worker's",
    ("rating_rounds", "worker"): "how far a round of messages has come, not about this worker",
    ("faq_rounds", "worker"): "how far a round of messages has come, not about this worker",
    ("bank_files", "payer_iban"): "the house's own account",
    ("bank_lines", "person"): "a line of the house's own account; the deposit that it is, is in money, by account",
    ("bank_lines", "decided_by"): "an admin said what a line is: it is in noted",
    ("outbox", "assignment"): "the letters themselves are in messages, by person",
    ("topups", "workers"): "a number of people",
    ("progress_counts", "workers"): "a number of people",
    ("transfers", "submission"): "movements are in money, by account",
    ("turk_bonuses", "submission"): "an answer that was thanked for; the bonus is in bonuses_received",
    ("turk_page_storage", "requester"): "what a requester's pages store about a worker is in the worker's data",
    ("turk_known_types", "requester"): "ids of their programs for the types in qualification_types",
    ("picture_prints", "assignment"): "computed from pictures, which are in files_sent, and deleted with them",
    ("turk_events", "assignment"): "for a second, until programs are told",
    ("turk_review_actions", "assignment"): "what was decided about answers is in answers, by worker",
    ("turk_review_results", "assignment"): "computed from answers, which are in answers, by worker",
    ("submissions", "assignment"): "answers are in answers, by worker",
}


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("schema") / "empty.db"
    migrate(dialect_of(f"sqlite:///{path}"))
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def refers_to(schema: sqlite3.Connection, table: str, others: tuple[str, ...]) -> set[str]:
    return {row[3] for row in schema.execute(f"PRAGMA foreign_key_list({table})") if row[2] in others}


def person_columns(schema: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    tables = [row[0] for row in schema.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        columns = [row[1] for row in schema.execute(f"PRAGMA table_info({table})")]
        refers = refers_to(schema, table, OWN)
        yield from ((table, name) for name in columns if name in refers or LOOKS_LIKE.search(name))
        yield from ((table, name) for name in columns if (table, name) in UNREFERENCED)


def asks_for(schema: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether some section asks this table for the person by this column; of columns that only lead there, or only
    say something of them, whether it reads them."""
    by_person = r" = :(person|telegram_id)\b" if column in refers_to(schema, table, ("people",)) else r"\b"
    for statement in EVERYTHING_ABOUT.values():
        for alias in re.findall(rf"(?:FROM|JOIN) {table}(?: (?!WHERE|JOIN|LEFT|ORDER|ON)(\w+))?\b", statement):
            named = rf"\b{alias}\.{column}" if alias else rf"(?<![.\w]){column}"
            if re.search(named + by_person, statement):
                return True
    return False


def missing(schema: sqlite3.Connection) -> set[str]:
    found = set(person_columns(schema))
    return {f"{t}.{c}" for t, c in found if not asks_for(schema, t, c) and (t, c) not in NOT_SHOWN}


def test_every_column_that_names_a_person_is_in_mydata_or_has_its_reason(schema: sqlite3.Connection) -> None:
    found = set(person_columns(schema))
    assert len(found) > 50
    assert missing(schema) == set()
    schema.execute("CREATE TABLE rumours (about BIGINT REFERENCES people (id), words TEXT)")
    assert missing(schema) == {"rumours.about"}
    schema.execute("DROP TABLE rumours")


def test_no_reason_is_left_for_what_is_shown_or_gone(schema: sqlite3.Connection) -> None:
    found = set(person_columns(schema))
    assert {f"{t}.{c}" for t, c in NOT_SHOWN if (t, c) not in found or asks_for(schema, t, c)} == set()


def test_a_section_names_what_it_selects(schema: sqlite3.Connection) -> None:
    for section, sql in EVERYTHING_ABOUT.items():
        cursor = schema.execute(sql, {"person": 1, "telegram_id": 2})
        assert tuple(column[0] for column in cursor.description) == fields_of(sql), section


def test_every_section_and_field_has_a_word_for_its_reader() -> None:
    t = translator("fr")
    assert section_names(t).keys() == EVERYTHING_ABOUT.keys()
    assert field_names(t).keys() == {name for each in EVERYTHING_ABOUT.values() for name in fields_of(each)}
