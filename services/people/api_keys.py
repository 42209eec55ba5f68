"""API keys of requesters: made and shown once, listed, revoked. The API: web/api.py."""

import secrets

from domain.people.api_keys import BYTES, HINT, MOST, PREFIX, hash_of, is_key
from domain.people.messages import ApiKeyMade, ApiKeyRevoked, ApiKeys
from domain.people.people import Person
from domain.refusals import BadInput, NotFound, TooManyKeys
from services.act import Act
from storage.unit import UnitOfWork


def create(act: Act) -> ApiKeyMade:
    """Shows the key itself, this once: its letter is emptied when it is sent."""
    unit, person = act.unit, act.person
    if len(unit.api_keys.of(person.id)) >= MOST:
        raise TooManyKeys(most=MOST)
    key = PREFIX + secrets.token_urlsafe(BYTES)
    unit.api_keys.add(person.id, hash_of(key), key[-HINT:])
    unit.audit.note(person.id, "api key", f"person:{person.id}", hint=key[-HINT:])
    return ApiKeyMade(key, act.house.api_url)


def keys(act: Act) -> ApiKeys:
    return ApiKeys(tuple(act.unit.api_keys.of(act.person.id)), act.house.api_url)


def revoke_typed(act: Act, action: str, key: str) -> ApiKeyRevoked:
    """`/apikey revoke KEY`: the key itself, or its last characters."""
    if action.lower() != "revoke":
        raise BadInput(what="word", value=action, expected=["/apikey revoke KEY"])
    if is_key(key):
        number = act.unit.api_keys.number_of(act.person.id, hash_of(key))
        found = [] if number is None else [number]
    else:
        found = [each.number for each in act.unit.api_keys.of(act.person.id) if each.hint == key.lstrip("…")]
    if len(found) != 1:
        raise NotFound(what="api_key", name=key[-HINT:])
    return revoke(act, found[0])


def revoke(act: Act, number: int) -> ApiKeyRevoked:
    """Programs that use it are refused from now on."""
    hints = {each.number: each.hint for each in act.unit.api_keys.of(act.person.id)}
    if not act.unit.api_keys.revoke(act.person.id, number):
        raise NotFound(what="api_key", name=str(number))
    act.unit.audit.note(act.person.id, "api key revoked", f"person:{act.person.id}", hint=hints[number])
    return ApiKeyRevoked(hints[number])


def owner_of(unit: UnitOfWork, key: str) -> Person | None:
    """The owner of this key; None for an unknown or revoked one."""
    owner = unit.api_keys.owner(hash_of(key)) if is_key(key) else None
    return None if owner is None else unit.people.get(owner)
