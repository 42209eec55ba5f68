"""Keys and webhooks of a person and of their team, whichever account is chosen when a button is pressed."""

import pytest

from domain.moments import Moment
from domain.people.accounts import ApiKeyMade, ApiKeyRevoked, PersonId
from domain.people.webhooks import Webhooks
from domain.refusals import BadInput, NotFound, NotInTeam
from handlers.payload import unpack
from handlers.people import teams
from handlers.people.api_keys import CreateApiKey, RevokeTypedKey
from handlers.people.webhooks import ChangeTypedWebhook, ListWebhooks
from handlers.screen import render
from services.people import api_keys
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.services.people.test_teams import Office, office


def key_of(house: Office, team: int) -> str:
    """Made by Anna for herself, or for the team."""
    house.press(house.anna, teams.ActForTeam(team=team))
    made = house.press(house.anna, CreateApiKey())
    assert isinstance(made, ApiKeyMade)
    return made.key


def hooked(unit: UnitOfWork, person: PersonId) -> list[int]:
    return [each.number for each in unit.webhooks.list_webhooks(person)]


@pytest.mark.parametrize("of_team", [True, False])
def test_a_typed_key_ends_whichever_account_is_chosen(database_url: str, now: Moment, of_team: bool) -> None:
    with one_transaction(database_url, now) as unit:
        house = office(unit)
        key = key_of(house, house.number if of_team else 0)
        other = key_of(house, 0 if of_team else house.number)
        with pytest.raises(NotInTeam if of_team else NotFound):
            house.press(house.vera, RevokeTypedKey(action="revoke", key=key))
        with pytest.raises(NotFound):
            house.press(house.fred, RevokeTypedKey(action="revoke", key=key))
        assert api_keys.find_key_in_use(unit, key) is not None
        assert isinstance(house.press(house.anna, RevokeTypedKey(action="revoke", key=key)), ApiKeyRevoked)
        assert api_keys.find_key_in_use(unit, key) is None
        assert api_keys.find_key_in_use(unit, other) is not None
        house.press(house.anna, RevokeTypedKey(action="revoke", key=f"…{other[-4:]}"))
        assert api_keys.find_key_in_use(unit, other) is None


def test_who_may_only_look_ends_a_key_of_their_own(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = office(unit)
        unit.people.make_requester(house.vera, True)
        house.press(house.vera, teams.ActForTeam(team=0))
        made = house.press(house.vera, CreateApiKey())
        assert isinstance(made, ApiKeyMade)
        house.press(house.vera, teams.ActForTeam(team=house.number))
        house.press(house.vera, RevokeTypedKey(action="revoke", key=made.key))
        assert api_keys.find_key_in_use(unit, made.key) is None


def test_a_webhooks_button_is_for_the_account_it_was_shown_of(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = office(unit)
        for account in (house.anna, house.team):
            unit.webhooks.add(account, "https://pouce.example/hook", (), "sealed")
        house.press(house.anna, teams.ActForTeam(team=0))
        shown = house.press(house.anna, ListWebhooks())
        assert isinstance(shown, Webhooks)
        screen = render(shown.stored_as, {"hooks": shown.hooks, "team": shown.team}, "en")
        (button,) = [each for row in screen.keyboard for each in row]
        house.press(house.anna, teams.ActForTeam(team=house.number))
        house.press(house.anna, unpack(button.data))
        assert (hooked(unit, house.anna), hooked(unit, house.team)) == ([], [1])
        house.press(house.anna, ChangeTypedWebhook(action="remove", number=1))  # typed: the chosen account's
        assert hooked(unit, house.team) == []


@pytest.mark.parametrize(
    "words", [("spend", "0"), ("spend", "0.00"), ("spend", "1 00"), ("spend", "$50"), ("read", "0")]
)
def test_an_amount_that_is_none_makes_no_key(database_url: str, now: Moment, words: tuple[str, str]) -> None:
    with one_transaction(database_url, now) as unit:
        house = office(unit)
        with pytest.raises(BadInput):
            house.press(house.anna, CreateApiKey(scope=words[0], budget=words[1]))
        assert unit.connection.all("SELECT 1 FROM api_keys") == []
        made = house.press(house.anna, CreateApiKey.from_words(["spend", "50"], ""))
        assert isinstance(made, ApiKeyMade)
        assert made.budget == 50_000_000
        made = house.press(house.anna, CreateApiKey.from_words(["spend"], ""))
        assert isinstance(made, ApiKeyMade)
        assert made.budget is None
