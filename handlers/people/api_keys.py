"""Keys for programs: commands, the screen of a new key, and the list."""

from __future__ import annotations

from html import escape

from domain.money.amounts import Millionths
from domain.people.accounts import EVERYBODY, REQUESTER, ApiKey, ApiKeyMade, ApiKeyRevoked, ApiKeys, Scope
from domain.people.teams import Right
from handlers.payload import Number, Payload, Words
from handlers.routing import Route
from handlers.screen import Button, Screen, lines, shows
from locales.translator import Html, Translator
from services.people import api_keys


class CreateApiKey(Payload):
    """`/apikey`, `/apikey read`, `/apikey spend 50`. `budget` as it was typed; without one there is no limit."""

    scope: str = "spend"
    budget: Words = ""


class RevokeTypedKey(Payload):
    """`/apikey revoke KEY`."""

    action: str
    key: Words = ""


class ListApiKeys(Payload):
    pass


class RevokeApiKey(Payload, code="kr"):
    """Button that revokes a key of the team, or with `team` 0 of the person."""

    number: Number
    team: Number = 0


@shows(ApiKeyMade)
def key_made_screen(m: ApiKeyMade, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🔑 <b>A key for your programs</b>"),
            t("It is shown only now: keep it to yourself."),
            _rights_sentence(Scope(m.scope), m.budget, m.currency, t),
            " ",
            Html("<code>{}</code>".format(escape("\n".join(_environment_lines(m))))),
            " ",
            _missing_pair_note(m, t),
            _address_line(m.url, t),
            t("/apikeys lists your keys and ends them."),
        ),
        ((Button(t.plain("📋 Copy"), copy=m.key),),),
    )


def _environment_lines(m: ApiKeyMade) -> list[str]:
    """Return the lines `NAME=value` by which programs read the credentials from their environment."""
    pair = [f"AWS_ACCESS_KEY_ID={m.access_id}", f"AWS_SECRET_ACCESS_KEY={m.secret}"] if m.secret else []
    origin = [f"AWS_ENDPOINT_URL_MTURK={m.origin}"] if m.origin else []
    return [*pair, *origin, f"POUCE_API_KEY={m.key}"]


def _missing_pair_note(m: ApiKeyMade, t: Translator) -> Html:
    """Return the note that credentials for Mechanical Turk cannot be given here; empty if they were."""
    if m.secret:
        return Html("")
    return t(
        "Programs written for Mechanical Turk need three more lines. They need SECRETS_KEY, which is not set here."
    )


def _rights_sentence(scope: Scope, budget: int | None, currency: str, t: Translator) -> Html:
    if budget is not None:
        return t("It can spend {amount} of your money.", amount=t.money(Millionths(budget), currency))
    return {
        Scope.READ: t("It can read. It changes nothing."),
        Scope.DRAFT: t("It can read and prepare. It spends nothing."),
        Scope.SPEND: t("It can do what you can, and spend your money."),
    }[scope]


@shows(ApiKeys)
def keys_screen(m: ApiKeys, t: Translator) -> Screen:
    if not m.keys:
        return Screen(t("🔑 You have no key for programs. /apikey makes one."))
    return Screen(
        lines(
            t("🔑 <b>Your keys for programs</b>"),
            *[_key_line(key, m.currency, t) for key in m.keys],
            " ",
            _address_line(m.url, t),
        ),
        tuple(
            (
                Button(
                    t.plain("🗑 End …{hint}", hint=key.hint),
                    RevokeApiKey(number=key.number, team=m.team).pack(),
                    style="danger",
                ),
            )
            for key in m.keys
        ),
    )


def _key_line(key: ApiKey, currency: str, t: Translator) -> Html:
    facts = {"hint": key.hint, "day": t.date(key.made_at), "may": _rights_words(key, currency, t)}
    if key.used_at is None:
        return t("…{hint} · {may} · made on {day}, never used", **facts)
    return t("…{hint} · {may} · made on {day}, last used on {used}", **facts, used=t.date(key.used_at))


def _rights_words(key: ApiKey, currency: str, t: Translator) -> str:
    spent = t.money(Millionths(key.spent), currency)
    if key.budget is not None:
        return t.plain("spent {spent} of {budget}", spent=spent, budget=t.money(Millionths(key.budget), currency))
    if key.scope is Scope.SPEND:
        return t.plain("spent {spent}", spent=spent)
    return t.plain("reads") if key.scope is Scope.READ else t.plain("reads and prepares")


@shows(ApiKeyRevoked)
def key_revoked_screen(m: ApiKeyRevoked, t: Translator) -> Screen:
    return Screen(t("🔑 The key …{hint} has ended. Programs that use it are refused.", hint=m.hint))


def _address_line(url: str, t: Translator) -> Html:
    if not url:
        return t("This bot has no address for programs yet: ask whoever runs it.")
    return t("Its address for programs: <code>{url}</code>", url=url)


ROUTES = (
    Route(
        CreateApiKey,
        REQUESTER,
        api_keys.create_typed_key,
        command="apikey",
        usage="[read | draft | spend [AMOUNT]]",
        means="a key for your programs",
    ),
    Route(
        RevokeTypedKey,
        EVERYBODY,
        api_keys.revoke_typed_key,
        command="apikey",
        usage="revoke KEY",
        means="end a key at once",
        word="revoke",
        listed=REQUESTER,
    ),
    Route(
        ListApiKeys,
        EVERYBODY,
        api_keys.list_keys,
        command="apikeys",
        means="your keys, and how to end one",
        listed=REQUESTER,
        right=Right.LOOK,
    ),
    Route(RevokeApiKey, EVERYBODY, api_keys.revoke_key, right=Right.SPEND),
)
