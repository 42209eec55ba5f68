"""`/automated` names every automated decision in the code: what is new and named nowhere fails here."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import cast

import pytest

from bot.sweeps import SWEEPS, extension_sweeps
from domain.conduct.evidence import SUSPICIONS
from domain.extensions import load_parts
from domain.fairness import automated
from domain.fairness.automated import DECISIONS, Datum, Who
from domain.people.accounts import Person
from domain.work.assignments import Enrolment
from handlers.fairness.automated import data_names, deciders_names, decision_texts
from locales import translator
from services.act import House
from tests.architecture.source import ROOT, modules, tree
from tests.storage.statements import statements

SETS = re.compile(r"UPDATE (?:people|enrolments) SET (.+?)(?: WHERE | RETURNING |$)", re.DOTALL)
COLUMN = re.compile(r"(?:^|, )(\w+) = ")
INSERTS = re.compile(r"INSERT INTO (?:people|enrolments) \(([^)]*)\)")


def declared(what: str) -> list[str]:
    """Of every decision, and those that decide nothing."""
    kind = {"sweeps": "sweep", "acts": "act", "marks": "mark", "pauses": "pause", "signs": "sign"}[what]
    named = [each for decision in DECISIONS for each in getattr(decision, what)]
    nothing = [name for part in (automated, *load_parts("sweeps")) for name in part.NO_DECISION]
    return named + [name.split(" ", 1)[1] for name in nothing if name.split(" ")[0] == kind]


def sweep_names() -> set[str]:
    house = cast(House, None)  # it is needed when a sweep runs
    return {sweep.name for sweep in (*SWEEPS, *extension_sweeps(house))}


def calls(method: str, *rooms: str) -> Iterator[ast.Call]:
    for path in modules(*rooms or ("services", "jobs", "extensions")):
        if method.rpartition(".")[2] not in path.read_text(encoding="utf-8"):
            continue  # to look for a word costs a hundredth of reading the tree
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(method):
                yield node


def acts_without_a_person() -> set[str]:
    found = set[str]()
    for call in calls("audit.note"):
        actor, action = call.args[:2]
        if isinstance(actor, ast.Constant) and actor.value is None:
            assert isinstance(action, ast.Constant), ast.unparse(call)
            found.add(str(action.value))
    return found


def reasons_to_pause() -> set[str]:
    """Every reason a service gives to stop a project, by the value of its constant."""
    found = set[str]()
    for path in modules("services", "jobs", "domain"):
        for match in re.finditer(
            r'^(?:PAUSE|PAUSED_FOR_FLOOR|CONTENT_PAUSE|BUTTON_PAUSE) = "(\w+)"',
            Path(path).read_text(encoding="utf-8"),
            re.MULTILINE,
        ):
            found.add(match[1])
    by_humans = ("ENDED_BY_ADMIN", "SUSPENDED", "HELD")
    assert all(
        ast.unparse(call.args[1]) in ("PAUSE", "PAUSED_FOR_FLOOR", "CONTENT_PAUSE", "BUTTON_PAUSE", *by_humans)
        for call in calls("projects.pause")
    )
    return found


def columns_that_are_written() -> set[str]:
    found = {each.name for kind in (Person, Enrolment) for each in fields(kind)}
    for sql in statements().values():
        for match in SETS.finditer(" ".join(sql.split())):
            flat = match[1]
            while (inner := re.sub(r"\([^()]*\)", "", flat)) != flat:
                flat = inner
            found.update(COLUMN.findall(flat))
        for match in INSERTS.finditer(" ".join(sql.split())):
            found.update(match[1].split(", "))
    for call in calls("_db.change", "storage"):
        if ast.unparse(call.args[0]) in ("PEOPLE", "ENROLMENTS"):
            found.update(each.arg for each in call.keywords if each.arg)
    return found


@pytest.mark.parametrize(
    ("what", "there"),
    [
        ("sweeps", sweep_names),
        ("acts", acts_without_a_person),
        ("marks", columns_that_are_written),
        ("pauses", reasons_to_pause),
        ("signs", lambda: set(SUSPICIONS)),
    ],
)
def test_what_decides_is_in_the_register_and_what_is_in_it_is_there(what, there):
    named, found = declared(what), there()
    assert found - set(named) == set(), "name it in domain/fairness/automated.py"
    assert set(named) - found == set(), "it is gone"
    assert len(named) == len(set(named))


def test_every_detector_of_fraud_gives_a_sign_that_is_known():
    """A suspicion that a detector can report."""
    given = set[str]()
    for path in (ROOT / "domain").rglob("*.py"):
        for match in re.finditer(r'(?:Evidence\(\s*[\w.\[\]]+, |suspicion=)"(\w+)"', path.read_text(encoding="utf-8")):
            given.add(match[1])
    assert len(given) >= 4
    assert given <= set(declared("signs"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_decision_datum_and_person_has_its_words(language):
    t = translator(language)
    assert list(decision_texts(t)) != []
    assert set(decision_texts(t)) == {each.name for each in DECISIONS}
    assert (set(data_names(t)), set(deciders_names(t))) == (set(Datum), set(Who))
    assert {each for decision in DECISIONS for each in decision.data} <= set(Datum)
    assert all(len(told.name) <= 30 and 40 < len(told.does) < 420 for told in decision_texts(t).values())
