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
from domain.people.teams import (
    OWN_ACCOUNT,
    Right,
    TeamNumber,
    team_number_of,
)
from domain.refusals import BadInput, NotFound, TooManyKeys
from services.act import Act
from services.people import team_spending
from storage.unit import UnitOfWork

USAGE = ["/apikey", "/apikey read", "/apikey draft", "/apikey spend 50", "/apikey revoke pouce_…"]


def create_typed(act: Act, scope: str, budget: str) -> ApiKeyMade:
    """`/apikey spend 50`: without a budget there is no limit. Raises BadInput for one of nothing."""
    amount = parse_typed_amount(budget, act.house.terms.currency, f"/apikey {scope} {{}}") if budget else 0
    if budget and not amount:
        raise BadInput(what="amount", value=budget, expected=["/apikey spend 50"])
    return create(act, scope, amount or 0)


def create(act: Act, scope: str, budget: int) -> ApiKeyMade:
    """Shows the key itself, this once: its letter is emptied when it is sent. Budget 0 is none."""
    unit, person, may = act.unit, act.person, scope.lower()
    if may not in list(Scope) or (budget and may != Scope.SPEND):
        raise BadInput(what="word", value=scope, expected=USAGE)
    if len(unit.api_keys.of(person.id)) >= MAX_KEYS_PER_PERSON:
        raise TooManyKeys(most=MAX_KEYS_PER_PERSON)
    key = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    access_id, secret = _pair() if act.house.encryption else ("", "")
    pair = (access_id, act.house.encryption.encrypt(secret)) if secret else None
    member = act.member.id if act.member else None
    unit.api_keys.add(person.id, hash_key(key), key[-KEY_HINT_CHARS:], Scope(may), budget or None, pair, member)
    unit.audit.note(person.id, "api key", f"person:{person.id}", hint=key[-KEY_HINT_CHARS:], scope=may)
    house = act.house
    return ApiKeyMade(
        key, house.api_url, may, budget or None, house.terms.currency, access_id, secret, house.origin if secret else ""
    )


def _pair() -> tuple[str, str]:
    """An id and a secret, formed as Amazon's."""
    letters = base64.b32encode(secrets.token_bytes(ACCESS_BYTES)).decode()
    return ACCESS_PREFIX + letters, secrets.token_urlsafe(SECRET_BYTES)


def keys(act: Act) -> ApiKeys:
    """Also of whoever is no requester any more, while there are some to end. Raises NotAllowed."""
    found = tuple(act.unit.api_keys.of(act.person.id))
    if not found and not act.person.is_team:
        act.require(REQUESTER, stays=True)
    team = team_number_of(act.person.id) if act.person.is_team else 0
    return ApiKeys(found, act.house.api_url, act.house.terms.currency, team)


def revoke_typed(act: Act, action: str, key: str) -> ApiKeyRevoked:
    """`/apikey revoke KEY`: the key itself, the access id of its Amazon pair, or its last characters. Raises
    NotInTeam."""
    if action.lower() != "revoke" or not key:
        raise BadInput(what="word", value=key or action, expected=["/apikey revoke KEY"])
    found = _named(act, key)
    if len(found) != 1:
        raise NotFound(what="api_key", name=key[-KEY_HINT_CHARS:])
    owner, number = found[0]
    return revoke(act if owner == act.person.id else team_spending.act_for_team(act, owner, Right.SPEND), number)


def _named(act: Act, key: str) -> list[tuple[PersonId, int]]:
    """Owner and number, of their own keys and their teams'; by last characters of the account chosen in `/team`."""
    unit, person = act.unit, act.person
    if is_api_key(key):
        used = unit.api_keys.in_use(hash_key(key))
    elif is_access_id(key):
        pair = unit.api_keys.pair(key)
        used = pair[0] if pair else None
    else:
        account = person.acts_for or person.id
        return [(account, each.number) for each in unit.api_keys.of(account) if each.hint == key.lstrip("…")]
    if used is None or (used.owner != person.id and unit.teams.find_membership(used.owner, person.id) is None):
        return []
    return [(used.owner, used.key.number)]


def revoke(act: Act, number: int, team: TeamNumber = OWN_ACCOUNT) -> ApiKeyRevoked:
    """Programs that use it are refused from now on; `team` says whose key the button was for."""
    hints = {each.number: each.hint for each in act.unit.api_keys.of(act.person.id)}
    if not act.unit.api_keys.revoke(act.person.id, number):
        raise NotFound(what="api_key", name=str(number))
    act.unit.audit.note(act.person.id, "api key revoked", f"person:{act.person.id}", hint=hints[number])
    return ApiKeyRevoked(hints[number])


def in_use(unit: UnitOfWork, key: str) -> KeyInUse | None:
    """None for an unknown or revoked key."""
    return unit.api_keys.in_use(hash_key(key)) if is_api_key(key) else None


def pair_in_use(unit: UnitOfWork, access_id: str) -> tuple[KeyInUse, str] | None:
    """The key of an Amazon pair and its encrypted secret; None for an unknown or revoked one."""
    return unit.api_keys.pair(access_id)
