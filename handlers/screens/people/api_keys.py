"""Keys for programs: one is shown once, those that work are listed."""

from html import escape

from domain.money.amounts import Millionths
from domain.people.api_keys import ApiKey, Scope
from domain.people.messages import ApiKeyMade, ApiKeyRevoked, ApiKeys
from handlers.payloads.people import RevokeApiKey
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator


@shows(ApiKeyMade)
def made(m: ApiKeyMade, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🔑 <b>A key for your programs</b>"),
            t("It is shown only now: keep it to yourself."),
            _may(Scope(m.scope), m.budget, m.currency, t),
            " ",
            Html("<code>{}</code>".format(escape("\n".join(_variables(m))))),
            " ",
            _pair(m, t),
            _door(m.url, t),
            t("/apikeys lists your keys and ends them."),
        ),
        ((Button(t.plain("📋 Copy"), copy=m.key),),),
    )


def _variables(m: ApiKeyMade) -> list[str]:
    """As programs read them from their environment."""
    pair = [f"AWS_ACCESS_KEY_ID={m.access_id}", f"AWS_SECRET_ACCESS_KEY={m.secret}"] if m.secret else []
    origin = [f"AWS_ENDPOINT_URL_MTURK={m.origin}"] if m.origin else []
    return [*pair, *origin, f"POUCE_API_KEY={m.key}"]


def _pair(m: ApiKeyMade, t: Translator) -> Html:
    """Where the pair for programs of Mechanical Turk can't be given."""
    if m.secret:
        return Html("")
    return t(
        "Programs written for Mechanical Turk need three more lines. They need SECRETS_KEY, which is not set here."
    )


def _may(scope: Scope, budget: int | None, currency: str, t: Translator) -> Html:
    if budget is not None:
        return t("It can spend {amount} of your money.", amount=t.money(Millionths(budget), currency))
    return {
        Scope.READ: t("It can read. It changes nothing."),
        Scope.DRAFT: t("It can read and prepare. It spends nothing."),
        Scope.SPEND: t("It can do what you can, and spend your money."),
    }[scope]


@shows(ApiKeys)
def listed(m: ApiKeys, t: Translator) -> Screen:
    if not m.keys:
        return Screen(t("🔑 You have no key for programs. /apikey makes one."))
    return Screen(
        lines(
            t("🔑 <b>Your keys for programs</b>"),
            *[_line(key, m.currency, t) for key in m.keys],
            " ",
            _door(m.url, t),
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


def _line(key: ApiKey, currency: str, t: Translator) -> Html:
    facts = {"hint": key.hint, "day": t.date(key.made_at), "may": _scope(key, currency, t)}
    if key.used_at is None:
        return t("…{hint} · {may} · made on {day}, never used", **facts)
    return t("…{hint} · {may} · made on {day}, last used on {used}", **facts, used=t.date(key.used_at))


def _scope(key: ApiKey, currency: str, t: Translator) -> str:
    spent = t.money(Millionths(key.spent), currency)
    if key.budget is not None:
        return t.plain("spent {spent} of {budget}", spent=spent, budget=t.money(Millionths(key.budget), currency))
    if key.scope is Scope.SPEND:
        return t.plain("spent {spent}", spent=spent)
    return t.plain("reads") if key.scope is Scope.READ else t.plain("reads and prepares")


@shows(ApiKeyRevoked)
def revoked(m: ApiKeyRevoked, t: Translator) -> Screen:
    return Screen(t("🔑 The key …{hint} has ended. Programs that use it are refused.", hint=m.hint))


def _door(url: str, t: Translator) -> Html:
    if not url:
        return t("This bot has no address for programs yet: ask whoever runs it.")
    return t("Its address for programs: <code>{url}</code>", url=url)
