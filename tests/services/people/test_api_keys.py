"""Keys for programs: only what cannot be guessed is kept, and what a key may do is in its row."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people.accounts import KEY_HINT_CHARS, MAX_KEYS_PER_PERSON, PersonId, Scope
from domain.refusals import BadInput, NotAllowed, NotFound, TooManyKeys
from services.act import Act, Encryption, House
from services.people import api_keys, personal_data
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import settle_requester, settle_worker


@pytest.fixture
def house(database: Database, now: Moment) -> House:
    terms = Terms("EUR", Decimal(10), Millionths(0))
    return House(database, terms, frozenset(), False, "en", lambda: now, api_url="https://pouce.example/api/v1")


def act(unit: UnitOfWork, house: House, person: PersonId) -> Act:
    return Act(unit, unit.people.get(person), house)


async def test_the_pair_for_mechanical_turk_is_encrypted_and_shown_once(database: Database, house: House, now: Moment):
    secrets = Encryption(["the key of this house"])

    def play(unit: UnitOfWork) -> None:
        made = api_keys.create_key(act(unit, replace(house, encryption=secrets), settle_requester(unit).id), "spend", 0)
        ((access_id, sealed),) = unit.connection.all("SELECT access_id, sealed FROM api_keys")
        assert (access_id, secrets.decrypt(sealed)) == (made.access_id, made.secret)
        assert (len(made.access_id), len(made.secret), made.origin) == (20, 40, "https://pouce.example")
        assert made.secret not in sealed

    await database.transact(play, now)


async def test_the_access_id_names_the_key_that_its_owner_ends(database: Database, house: House, now: Moment):
    def play(unit: UnitOfWork) -> None:
        sealing = replace(house, encryption=Encryption(["the key of this house"]))
        anna = act(unit, sealing, settle_requester(unit).id)
        ben = act(unit, sealing, settle_worker(unit, 1).id)
        hers, his = (api_keys.create_key(each, "spend", 0).access_id for each in (anna, ben))
        with pytest.raises(NotFound):
            api_keys.revoke_typed_key(anna, "revoke", his)
        api_keys.revoke_typed_key(anna, "revoke", hers)
        with pytest.raises(NotFound):
            api_keys.revoke_typed_key(anna, "revoke", hers)
        assert [api_keys.find_pair_in_use(unit, each) is None for each in (hers, his)] == [True, False]

    await database.transact(play, now)


async def test_without_a_key_of_the_house_there_is_no_pair(database: Database, house: House, now: Moment):
    def play(unit: UnitOfWork) -> None:
        made = api_keys.create_key(act(unit, house, settle_requester(unit).id), "spend", 0)
        assert (made.access_id, made.secret, made.origin) == ("", "", "")
        assert unit.connection.all("SELECT access_id, sealed FROM api_keys") == [(None, None)]

    await database.transact(play, now)


async def test_a_budget_is_spent_once(database: Database, house: House, now: Moment):
    def play(unit: UnitOfWork) -> None:
        anna = act(unit, house, settle_requester(unit).id)
        api_keys.create_key(anna, "Spend", 100)
        assert [unit.api_keys.spend_budget(anna.person.id, 1, amount) for amount in (60, 41, 40, 1)] == [
            True, False, True, False,
        ]  # fmt: skip
        (key,) = api_keys.list_keys(anna).keys
        assert (key.scope, key.budget, key.spent, key.used_at) == (Scope.SPEND, 100, 100, None)
        unit.api_keys.note_use(anna.person.id, 1)
        assert api_keys.list_keys(anna).keys[0].used_at == now

    await database.transact(play, now)


async def test_keys_are_a_requesters_and_stay_in_sight_of_who_was_one(database: Database, house: House, now: Moment):
    def play(unit: UnitOfWork) -> None:
        with pytest.raises(NotAllowed):
            api_keys.list_keys(act(unit, house, settle_worker(unit, 7).id))
        anna = settle_requester(unit).id
        assert api_keys.list_keys(act(unit, house, anna)).keys == ()
        api_keys.create_key(act(unit, house, anna), "spend", 0)
        unit.people.make_requester(anna, False)
        assert len(api_keys.list_keys(act(unit, house, anna)).keys) == 1

    await database.transact(play, now)


@pytest.mark.parametrize(("scope", "budget"), [("all", 0), ("", 0), ("read", 1), ("draft", 1)])
async def test_what_a_key_cannot_be_is_refused(database: Database, house: House, now: Moment, scope: str, budget: int):
    def play(unit: UnitOfWork) -> None:
        with pytest.raises(BadInput):
            api_keys.create_key(act(unit, house, settle_requester(unit).id), scope, budget)

    await database.transact(play, now)


async def test_only_a_hash_of_a_key_is_kept(database: Database, house: House, now: Moment):
    def play(unit: UnitOfWork) -> None:
        anna = act(unit, house, settle_requester(unit).id)
        made = api_keys.create_key(anna, "spend", 0)
        (row,) = unit.connection.all("SELECT hash, hint FROM api_keys")
        assert made.key not in row
        assert made.key[-KEY_HINT_CHARS:] == row[1]
        assert [key.hint for key in api_keys.list_keys(anna).keys] == [made.key[-KEY_HINT_CHARS:]]

    await database.transact(play, now)


async def test_there_are_only_so_many(database: Database, house: House, now: Moment):
    def play(unit: UnitOfWork) -> None:
        anna = act(unit, house, settle_requester(unit).id)
        made = [api_keys.create_key(anna, "spend", 0).key for _ in range(MAX_KEYS_PER_PERSON)]
        with pytest.raises(TooManyKeys):
            api_keys.create_key(anna, "spend", 0)
        api_keys.revoke_typed_key(anna, "revoke", "…" + made[0][-KEY_HINT_CHARS:])
        api_keys.create_key(anna, "spend", 0)
        with pytest.raises(BadInput):
            api_keys.revoke_typed_key(anna, "end", made[1])

    await database.transact(play, now)


async def test_who_is_erased_has_no_key(database: Database, house: House, now: Moment):
    def play(unit: UnitOfWork) -> None:
        bob = unit.people.upsert(77, "bob", "Bob", "en", unit.now)
        key = api_keys.create_key(act(unit, house, bob.id), "spend", 0).key
        personal_data.begin_erasure(act(unit, house, bob.id))
        unit.erasure.erase(bob)
        assert api_keys.find_key_in_use(unit, key) is None
        assert unit.connection.all("SELECT 1 FROM api_keys") == []

    await database.transact(play, now)
