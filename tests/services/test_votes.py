"""Votes by option, number of “can't tell”, and the crowd's answer on gold."""

from collections import Counter

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from services.projects import results
from services.projects.results import vote_columns_of
from services.work import submit
from storage.database import Database
from tests.house import a_project, furnish

OPTIONS = ("yes", "no")


def seen(kind: str, options: tuple[str, ...], fell: dict[str | None, int], known: str | None) -> list[object]:
    return vote_columns_of(a_project(PersonId(1), Moment(0), kind=kind, options=options), Counter(fell), known)


def test_the_crowd_is_most_of_those_who_could_tell_and_a_tie_is_a_tie():
    assert seen("choice", OPTIONS, {"yes": 2, "no": 1, None: 5}, "no") == ["no", "yes", 5, 2, 1]
    assert seen("choice", OPTIONS, {"yes": 1, "no": 1}, "no") == ["no", "no|yes", 0, 1, 1]
    assert seen("choice", OPTIONS, {None: 1}, "no") == ["no", None, 1, 0, 0]
    assert seen("choice", OPTIONS, {"yes": 2}, None) == [None, None, 0, 2, 0]


def test_each_of_several_options_that_apply_has_a_vote():
    assert seen("choices", ("a", "b", "c"), {"a|b": 2, "b": 1}, "a") == ["a", "a|b", 0, 2, 3, 0]


@pytest.mark.parametrize(("kind", "fell", "crowd"), [("number", {"12": 3, "13": 1}, "12"), ("text", {"Été": 2}, "Été")])
def test_other_kinds_have_their_own_rule(kind: str, fell: dict[str | None, int], crowd: str):
    assert seen(kind, (), fell, "7")[:3] == ["7", crowd, 0]


async def test_votes_of_rejected_answers_are_nobodys(database: Database, now: Moment):
    def answered(unit):
        house = furnish(unit, workers=3, tasks=2, gold=1)
        for number, worker in enumerate(house.workers):
            for _ in range(2):
                submit.show_work(unit, unit.people.get(worker))
                in_hand = unit.assignments.active_for(worker)
                if in_hand is not None:
                    submit.submit_answer(
                        unit, unit.people.get(worker), in_hand.id, None if number == 2 else str(number), None
                    )
        first = unit.connection.all("SELECT min(id) FROM submissions")[0][0]
        unit.connection.changed("UPDATE submissions SET state = 'rejected' WHERE id = :id", id=first)
        return house, unit.connection.all(
            "SELECT t.position, s.answer FROM submissions s JOIN tasks t ON t.id = s.task WHERE s.state <> 'rejected'"
        )

    house, given = await database.transact(answered, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    found = [row async for chunk in results.with_votes(database, project) for row in chunk]
    assert [results.answer_counts_of(row[0]).total() for row in found] == [
        sum(position == at for position, _ in given) for at in (1, 2, 3)
    ]
    assert len(given) == 5
    assert sum((results.answer_counts_of(row[0]) for row in found), Counter()) == Counter(said for _, said in given)
