"""The table of routes: every payload fits its service, every command its words, every role is kept."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, get_args, get_origin, get_type_hints

import pytest

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths, parse_amount
from domain.money.pricing import Terms
from domain.people.accounts import ADMIN, EVERYBODY, REQUESTER, WORKER, Person
from domain.refusals import BadInput, NotAllowed
from handlers.payload import FromWord, Number, Payload, Words
from handlers.projects.wizard import DescribeProject
from handlers.routes import TABLE
from handlers.routing import Route
from handlers.screen import SCREENS, Screen, shows
from services.act import Act, House, Reply
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.letters import due_letters


def plain(hint: object) -> object:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def test_a_payloads_fields_are_its_services_arguments() -> None:
    for route in TABLE.routes:
        fits(route)


def fits(route: Route) -> None:
    hints = get_type_hints(route.service)
    names = list(inspect.signature(route.service).parameters)
    given = {name: plain(field.annotation) for name, field in route.payload.model_fields.items()}
    assert hints[names[0]] is Act
    assert set(names[1:]) == set(given) | ({"reading"} if route.beside else set())
    for name, kind in given.items():
        wanted = getattr(hints[name], "__supertype__", hints[name])  # what a NewType stands for
        assert wanted is kind, f"{route.payload.__name__}: {name}"


class Nothing(Payload):
    """Has no fields."""


class Sample(Payload):
    """Nobody routes here: `/sample N AMOUNT reason …`."""

    number: Number
    amount: Annotated[int, FromWord(parse_amount, "amount", ("amount",))]
    reason: Words = ""


def test_a_command_is_read_word_by_word() -> None:
    assert Sample.from_words(["#7", "0.05", "well", "done"], "") == Sample(number=7, amount=50_000, reason="well done")
    assert [Sample.takes(count) for count in (1, 2, 9)] == [False, True, True]


def test_a_form_keeps_its_lines() -> None:
    text = "/newproject\ntitle: a  b\npay: 1"
    assert DescribeProject.from_words(text.split()[1:], "", text) == DescribeProject(form=text)


@pytest.mark.parametrize(("words", "value"), [(["x", "1"], "x"), (["7", "much"], "much"), (["7"], "")])
def test_a_word_that_cannot_be_read_is_named(words: list[str], value: str) -> None:
    with pytest.raises(BadInput) as refused:
        Sample.from_words(words, "/sample N AMOUNT")
    assert refused.value.facts["value"] == value


async def test_a_route_refuses_every_role_but_its_own(database: Database, now: Moment) -> None:
    house = House(database, Terms("EUR", Decimal(10), Millionths(0)), frozenset({3}), False, "en", lambda: now)

    def try_all(unit: UnitOfWork) -> dict[str, set[str]]:
        people = (newcomer(unit), worker(unit), requester(unit), admin(unit))
        return {route.payload.__name__: admitted(route, unit, people, house) for route in TABLE.routes}

    reached = await database.transact(try_all, now)
    for route in TABLE.routes:
        assert reached[route.payload.__name__] == ALLOWED[route.role], route.payload.__name__


ALLOWED = {
    EVERYBODY: {"newcomer", "worker", "requester", "admin"},
    WORKER: {"worker"},
    REQUESTER: {"requester", "admin"},
    ADMIN: {"admin"},
}


def admitted(route: Route, unit: UnitOfWork, people: Sequence[Person], house: House) -> set[str]:
    """Whose act reached the service; the others were refused."""
    reached: set[str] = set()
    route = replace(route, service=lambda act, **_: reached.add(act.person.name), beside=None)
    refused = set()
    for person in people:
        try:
            route.run(Act(unit, person, house), Nothing())
        except NotAllowed:
            refused.add(person.name)
    assert reached | refused == {person.name for person in people}
    assert not reached & refused
    return reached


def test_what_came_of_it_is_shown_before_what_comes_next(database_url: str, now: Moment) -> None:
    @dataclass(frozen=True, slots=True)
    class Done(Message):
        pass

    @dataclass(frozen=True, slots=True)
    class Next(Message):
        pass

    for message in (Done, Next):
        shows(message)(lambda m, t: Screen(type(m).__name__))
    route = Route(Nothing, EVERYBODY, lambda act: Reply(Next(), done=Done()))
    try:
        with one_transaction(database_url, now) as unit:
            route.run(act_of(unit, newcomer(unit).id), Nothing())
            assert [letter.screen for letter in due_letters(unit, 9)] == [Done.stored_as, Next.stored_as]
    finally:
        for message in (Done, Next):
            del SCREENS[message.stored_as]


def newcomer(unit: UnitOfWork) -> Person:
    return unit.people.upsert(0, None, "newcomer", "en", unit.now)


def worker(unit: UnitOfWork) -> Person:
    person = unit.people.upsert(1, None, "worker", "en", unit.now)
    unit.people.give_consent(person.id, unit.now)
    return unit.people.get(person.id)


def requester(unit: UnitOfWork) -> Person:
    person = unit.people.upsert(2, None, "requester", "en", unit.now)
    unit.people.make_requester(person.id, True)
    return unit.people.get(person.id)


def admin(unit: UnitOfWork) -> Person:
    return unit.people.upsert(3, None, "admin", "en", unit.now)
