"""API keys of requesters: made and shown once, listed, revoked. The API: web/api."""

import base64
import secrets

from domain.money.amounts import parse_typed_amount
from domain.people.accounts import (
    ACCESS_BYTES,
    ACCESS_PREFIX,
    KEY_BYTES,
    KEY_HINT_CHARS,
    KEY_PREFIX,
    MAX_KEYS_PER_PERSON,
    REQUESTER,
    SECRET_BYTES,
    ApiKeyMade,
    ApiKeyRevoked,
    ApiKeys,
    KeyInUse,
    PersonId,
    Scope,
    hash_key,
    is_access_id,
    is_api_key,
)
from domain.people.teams import OWN_ACCOUNT, Right, TeamNumber, team_number_of
from domain.refusals import BadInput, NotFound, TooManyKeys
from services.act import Act
from services.people import team_spending
from storage.unit import UnitOfWork

USAGE = ["/apikey", "/apikey read", "/apikey draft", "/apikey spend 50", "/apikey revoke pouce_…"]


def create_typed_key(act: Act, scope: str, budget: str) -> ApiKeyMade:
    """Create a key with typed words, as `/apikey spend 50`; without a budget it may spend everything. Raise BadInput if
    the budget is no amount above 0."""
    amount = parse_typed_amount(budget, act.house.terms.currency, f"/apikey {scope} {{}}") if budget else 0
    if budget and not amount:
        raise BadInput(what="amount", value=budget, expected=["/apikey spend 50"])
    return create_key(act, scope, amount or 0)


def create_key(act: Act, scope: str, budget: int) -> ApiKeyMade:
    """Create an API key and return it for display, this once: its message is emptied after it is sent. Budget 0 is no
    limit.

    Raise BadInput for an unknown scope, or a budget of a scope that spends nothing; TooManyKeys."""
    unit, person, scope_name = act.unit, act.person, scope.lower()
    if scope_name not in list(Scope) or (budget and scope_name != Scope.SPEND):
        raise BadInput(what="word", value=scope, expected=USAGE)
    if len(unit.api_keys.list_keys(person.id)) >= MAX_KEYS_PER_PERSON:
        raise TooManyKeys(most=MAX_KEYS_PER_PERSON)
    key = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    access_id, secret = _new_pair() if act.house.encryption else ("", "")
    pair = (access_id, act.house.encryption.encrypt(secret)) if secret else None
    member = act.member.id if act.member else None
    unit.api_keys.add(
        person.id, hash_key(key), key[-KEY_HINT_CHARS:], Scope(scope_name), budget or None, pair=pair, member=member
    )
    unit.audit.note(person.id, "api key", f"person:{person.id}", hint=key[-KEY_HINT_CHARS:], scope=scope_name)
    house = act.house
    return ApiKeyMade(
        key=key,
        url=house.api_url,
        scope=scope_name,
        budget=budget or None,
        currency=house.terms.currency,
        access_id=access_id,
        secret=secret,
        origin=house.origin if secret else "",
    )


def _new_pair() -> tuple[str, str]:
    """Return a new access id and secret, formed as Amazon's."""
    letters = base64.b32encode(secrets.token_bytes(ACCESS_BYTES)).decode()
    return ACCESS_PREFIX + letters, secrets.token_urlsafe(SECRET_BYTES)


def list_keys(act: Act) -> ApiKeys:
    """Return the account's working keys. A person who is no requester any more sees and ends theirs; without keys they
    get NotAllowed."""
    keys = tuple(act.unit.api_keys.list_keys(act.person.id))
    if not keys and not act.person.is_team:
        act.require(REQUESTER, stays=True)
    team = team_number_of(act.person.id) if act.person.is_team else 0
    return ApiKeys(keys, act.house.api_url, act.house.terms.currency, team)


def revoke_typed_key(act: Act, action: str, key: str) -> ApiKeyRevoked:
    """Revoke the key of `/apikey revoke KEY`, named by itself, by the access id of its Amazon pair or by its last
    characters.

    Raise BadInput for other words, NotFound if no key or more than one matches, NotInTeam if the person may not spend
    for the team that owns it."""
    if action.lower() != "revoke" or not key:
        raise BadInput(what="word", value=key or action, expected=["/apikey revoke KEY"])
    matches = _find_own_keys(act, key)
    if len(matches) != 1:
        raise NotFound(what="api_key", name=key[-KEY_HINT_CHARS:])
    owner, number = matches[0]
    return revoke_key(act if owner == act.person.id else team_spending.act_for_team(act, owner, Right.SPEND), number)


def _find_own_keys(act: Act, key: str) -> list[tuple[PersonId, int]]:
    """Return owner and number of the keys that a text names: of the person and their teams, or, by last characters, of
    the account chosen in `/team`."""
    unit, person = act.unit, act.person
    if is_api_key(key):
        key_in_use = unit.api_keys.find_in_use(hash_key(key))
    elif is_access_id(key):
        pair = unit.api_keys.find_pair(key)
        key_in_use = pair[0] if pair else None
    else:
        account = person.acts_for or person.id
        return [
            (account, api_key.number) for api_key in unit.api_keys.list_keys(account) if api_key.hint == key.lstrip("…")
        ]
    if key_in_use is None or (
        key_in_use.owner != person.id and unit.teams.find_membership(key_in_use.owner, person.id) is None
    ):
        return []
    return [(key_in_use.owner, key_in_use.key.number)]


def revoke_key(act: Act, number: int, team: TeamNumber = OWN_ACCOUNT) -> ApiKeyRevoked:
    """Revoke a key: programs that use it are refused from now on. `team` is the account whose key the button showed.
    Raise NotFound if the account has no such working key."""
    hints = {key.number: key.hint for key in act.unit.api_keys.list_keys(act.person.id)}
    if not act.unit.api_keys.revoke(act.person.id, number):
        raise NotFound(what="api_key", name=str(number))
    act.unit.audit.note(act.person.id, "api key revoked", f"person:{act.person.id}", hint=hints[number])
    return ApiKeyRevoked(hints[number])


def find_key_in_use(unit: UnitOfWork, key: str) -> KeyInUse | None:
    """Return a working key with its owner; None if it is unknown or revoked."""
    return unit.api_keys.find_in_use(hash_key(key)) if is_api_key(key) else None


def find_pair_in_use(unit: UnitOfWork, access_id: str) -> tuple[KeyInUse, str] | None:
    """Return the key of an Amazon pair and its encrypted secret; None if the id is unknown or the key revoked."""
    return unit.api_keys.find_pair(access_id)
