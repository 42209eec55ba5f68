"""Webhooks: addresses that are called when something happens in a requester's projects."""

from __future__ import annotations

from html import escape

from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from domain.people.webhooks import KINDS, WebhookGone, WebhookLine, WebhookMade, WebhookResent, Webhooks, WebhookSilent
from handlers.payload import Number, Payload, Words
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, lines, shows
from jobs import webhooks
from locales.translator import Html, Translator
from services.people import webhooks as webhooks_service


class ListWebhooks(Payload):
    pass


class AddWebhook(Payload):
    """`/webhooks add URL task.closed, project.ended`; no kinds are all."""

    action: str
    url: str = ""
    kinds: Words = ""


class ChangeTypedWebhook(Payload):
    """`/webhooks remove NUMBER` or `/webhooks resend NUMBER`."""

    action: str
    number: Number


class ChangeWebhook(Payload, code="wh"):
    """Button that removes or resends a webhook of the team, or with `team` 0 of the person."""

    action: str
    number: Number
    team: Number


@shows(Webhooks)
def webhooks_screen(m: Webhooks, t: Translator) -> Screen:
    if not m.hooks:
        return Screen(
            lines(
                t("🔔 Your programs are not called yet."),
                t("Name the address that should be called:"),
                Html("<code>/webhooks add https://example.org/hook</code>"),
                t("You can name what for: {kinds}", kinds=Html(f"<code>{', '.join(KINDS)}</code>")),
            )
        )
    return Screen(
        lines(t("🔔 <b>Addresses that are called</b>"), *[_webhook_line(hook, t) for hook in m.hooks]),
        tuple(_webhook_buttons(hook, m.team, t) for hook in m.hooks),
    )


def _webhook_line(hook: WebhookLine, t: Translator) -> Html:
    kinds = ", ".join(hook.kinds) or t.plain("everything")
    sentences = [Html(f"<b>{hook.number}</b> {escape(hook.url)}"), t("About: {kinds}", kinds=kinds)]
    if hook.waiting or hook.failed:
        sentences.append(t("waiting: {waiting} · not arrived: {failed}", waiting=hook.waiting, failed=hook.failed))
    if hook.answer:
        sentences.append(_last_answer_sentence(hook.answer, t))
    return lines(*sentences)


def _last_answer_sentence(answer: str, t: Translator) -> Html:
    """Return a sentence about the last call: the status of its answer, or the reason for having none that
    jobs/webhooks.py stored."""
    if answer.isdecimal():
        return t("last answer: {answer}", answer=answer)
    if answer == "address_public":
        return t("last try: the address leads inside a network, where nothing is called")
    if answer == "SECRETS_KEY":
        return t("last try: its secret cannot be read here, a new one is needed")
    if answer == "ClientConnectorDNSError":
        return t("last try: nobody knows this host")
    if "Timeout" in answer:
        return t("last try: no answer within ten seconds")
    if "Certificate" in answer or "SSL" in answer:
        return t("last try: the certificate of this host is not accepted")
    return t("last try: no connection")


def _webhook_buttons(hook: WebhookLine, team: int, t: Translator) -> tuple[Button, ...]:
    remove = ChangeWebhook(action="remove", number=hook.number, team=team).pack()
    remove_button = Button(t.plain("🗑 Remove {number}", number=hook.number), remove, style="danger")
    if not hook.failed and not hook.waiting:
        return (remove_button,)
    resend = ChangeWebhook(action="resend", number=hook.number, team=team).pack()
    return (Button(t.plain("🔁 Send again {number}", number=hook.number), resend), remove_button)


@shows(WebhookMade)
def webhook_made_screen(m: WebhookMade, t: Translator) -> Screen:
    keyboard: Keyboard = ((Button(t.plain("📋 Copy"), copy=m.secret),),)
    return Screen(
        lines(
            t("🔔 <b>Address {number} is called from now on</b>", number=m.number),
            Html(escape(m.url)),
            t("About: {kinds}", kinds=", ".join(m.kinds)),
            t("⚠️ Nobody knows this host yet. Look at the spelling; it is called as soon as the name is known.")
            if m.unknown
            else None,
            " ",
            t("Calls are signed with this secret. It is shown only now:"),
            Html(f"<code>{escape(m.secret)}</code>"),
        ),
        keyboard,
    )


@shows(WebhookGone)
def webhook_gone_screen(m: WebhookGone, t: Translator) -> Screen:
    return Screen(t("🔔 Address {number} is not called any more.", number=m.number))


@shows(WebhookResent)
def webhook_resent_screen(m: WebhookResent, t: Translator) -> Screen:
    if not m.count:
        return Screen(t("🔔 Everything for address {number} has arrived.", number=m.number))
    return Screen(t("🔔 Sent again to address {number}: {count}", number=m.number, count=m.count))


@shows(WebhookSilent)
def webhook_silent_screen(m: WebhookSilent, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🔔 Your address {number} ({host}) has not answered for a day.", number=m.number, host=m.host),
            _last_answer_sentence(m.answer, t),
            t("/webhooks sends again what did not arrive."),
        )
    )


ROUTES = (
    Route(
        ListWebhooks,
        REQUESTER,
        webhooks_service.list_webhooks,
        command="webhooks",
        means="addresses that are called when something happens",
        stays=True,
        right=Right.LOOK,
    ),
    Route(
        AddWebhook,
        REQUESTER,
        webhooks_service.require_valid_webhook,
        command="webhooks",
        usage="add ADDRESS",
        means="call an address; its secret is shown once",
        word="add",
        job=webhooks.add_webhook,
    ),
    Route(ChangeWebhook, REQUESTER, webhooks_service.press_change, stays=True),
    Route(
        ChangeTypedWebhook,
        REQUESTER,
        webhooks_service.change_webhook,
        command="webhooks",
        usage="resend | remove NUMBER",
        means="send again what did not arrive, or end the calls",
        stays=True,
    ),
)
