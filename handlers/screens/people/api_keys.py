"""Keys for programs: one is shown once, those that work are listed."""

from html import escape

from domain.people.messages import ApiKeyMade, ApiKeyRevoked, ApiKeys
from handlers.payloads.people import RevokeApiKey
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator


@shows(ApiKeyMade)
def made(m: ApiKeyMade, t: Translator) -> Screen:
    line = f"POUCE_API_KEY={m.key}"
    return Screen(
        lines(
            t("🔑 <b>A key for your programs</b>"),
            t("It is shown only now: keep it to yourself. A program that has it can do what you can."),
            " ",
            Html(f"<code>{escape(line)}</code>"),
            " ",
            _door(m.url, t),
            t("/apikeys lists your keys and ends them."),
        ),
        ((Button(t.plain("📋 Copy"), copy=m.key),),),
    )


@shows(ApiKeys)
def listed(m: ApiKeys, t: Translator) -> Screen:
    if not m.keys:
        return Screen(t("🔑 You have no key for programs. /apikey makes one."))
    return Screen(
        lines(
            t("🔑 <b>Your keys for programs</b>"),
            *[t("…{hint}, made on {day}", hint=key.hint, day=t.date(key.made_at)) for key in m.keys],
            " ",
            _door(m.url, t),
        ),
        tuple(
            (Button(t.plain("🗑 End …{hint}", hint=key.hint), RevokeApiKey(number=key.number).pack(), style="danger"),)
            for key in m.keys
        ),
    )


@shows(ApiKeyRevoked)
def revoked(m: ApiKeyRevoked, t: Translator) -> Screen:
    return Screen(t("🔑 The key …{hint} has ended. Programs that use it are refused.", hint=m.hint))


def _door(url: str, t: Translator) -> Html:
    if not url:
        return t("This bot has no address for programs yet: ask whoever runs it.")
    return t("Its address for programs: <code>{url}</code>", url=url)
