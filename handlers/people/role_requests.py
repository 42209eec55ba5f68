"""Access for requesters: the request in the chat, the admins' case, and the link that invites."""

from domain.people.accounts import ADMIN, EVERYBODY
from domain.people.role_requests import (
    NoRoleRequests,
    RoleInviteLink,
    RoleRefusalReasonWanted,
    RoleRequestPreview,
    RoleRequestRefused,
    RoleRequestSent,
    RoleRequestToDecide,
    RoleRequestWanted,
)
from domain.refusals import TooManyRoleRequests
from handlers.payload import Number, Payload
from handlers.people.onboarding import AskForRole, give_work_button
from handlers.quotations import quote
from handlers.routing import Route
from handlers.screen import Button, Screen, lines, reason_question, refuses, shows
from locales.translator import Translator
from reports.statement import draw_qr_code
from services.people import role_requests


class SendRoleRequest(Payload, code="wrs"):
    pass


class ShowRoleRequests(Payload, code="wrv"):
    pass


class GrantRole(Payload, code="wrg"):
    request: Number


class RefuseRole(Payload, code="wrn"):
    request: Number


@shows(RoleRequestWanted)
def role_request_wanted_screen(m: RoleRequestWanted, t: Translator) -> Screen:
    if m.contact:
        return Screen(t("✏️ <b>How can one reach you?</b> An e-mail address or a telephone number, please."))
    return Screen(
        lines(
            t("💼 <b>You want to give work</b>"),
            t("✏️ <b>Write me in one message: who you are, what for, and an e-mail address.</b>"),
            t("Whoever runs this bot reads it and answers within 14 days."),
        )
    )


@shows(RoleRequestPreview)
def role_request_preview_screen(m: RoleRequestPreview, t: Translator) -> Screen:
    return Screen(
        lines(
            quote(m.words),
            t(
                "By sending it you accept the /terms: you pay in first, and pay each answer that follows the instructions."
            ),
        ),
        (
            (Button(t.plain("✅ I accept, send it"), SendRoleRequest().pack(), style="success"),),
            (Button(t.plain("✏️ Write it again"), AskForRole().pack()),),
        ),
    )


@shows(RoleRequestSent)
def role_request_sent_screen(m: RoleRequestSent, t: Translator) -> Screen:
    return Screen(t("💼 <b>Your request to give work is sent.</b> You get an answer by {day}.", day=t.date(m.due)))


@shows(RoleRequestRefused)
def role_request_refused_screen(m: RoleRequestRefused, t: Translator) -> Screen:
    again = ((give_work_button(t),),)
    if not m.reason:
        return Screen(t("Nobody answered your request to give work in time. You may ask again."), again)
    return Screen(
        lines(
            t("⛔ Your request to give work was refused. The reason:"),
            quote(m.reason),
            t("Has that changed? You may ask again."),
        ),
        again,
    )


@shows(RoleRequestToDecide)
def role_request_case_screen(m: RoleRequestToDecide, t: Translator) -> Screen:
    """Case for admins: the first press grants; without a decision by the date the request is refused."""
    return Screen(
        lines(
            t("💼 <b>{who}</b> wants to give work", who=m.who),
            quote(m.words),
            t("⚠️ An admin took this role from them.") if m.barred else None,
            t("⚠️ They are suspended.") if m.suspended else None,
            t("Refused before: {reason}", reason=m.refused_before) if m.refused_before else None,
            t("Without an answer by {day} it is refused.", day=t.date(m.due)),
        ),
        (
            (Button(t.plain("✅ May open projects"), GrantRole.wire(m.request), style="success"),),
            (Button(t.plain("⛔ Refuse, with a reason"), RefuseRole.wire(m.request), style="danger"),),
        ),
    )


@shows(NoRoleRequests)
def no_role_requests_screen(m: NoRoleRequests, t: Translator) -> Screen:
    return Screen(t("💼 No request to give work waits for you."))


@shows(RoleRefusalReasonWanted)
def role_refusal_reason_wanted_screen(m: RoleRefusalReasonWanted, t: Translator) -> Screen:
    return reason_question(t("⛔ <b>{who}</b> will be refused.", who=m.who), t("They read your reason."), t)


@shows(RoleInviteLink)
def role_invite_link_screen(m: RoleInviteLink, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🔗 <b>Whoever opens this first may open projects</b>")
            if m.people == 1
            else t("🔗 <b>The first {count} people who open this may open projects</b>", count=t.number(m.people)),
            t("The link: <code>{link}</code>", link=m.link),
            t("It ends on {day}.", day=t.date(m.until)),
        ),
        ((Button(t.plain("🔗 Copy the link"), copy=m.link),),),
        photo=lambda: draw_qr_code(m.link),
    )


@refuses(TooManyRoleRequests)
def too_many_role_requests_screen(r: TooManyRoleRequests, t: Translator) -> Screen:
    return Screen(t("You may ask {most} times in 30 days. Please wait.", most=t.number(r.most)))


ROUTES = (
    Route(AskForRole, EVERYBODY, role_requests.ask_for_role),
    Route(SendRoleRequest, EVERYBODY, role_requests.send_request),
    Route(ShowRoleRequests, ADMIN, role_requests.show_requests),
    Route(GrantRole, ADMIN, role_requests.grant_request),
    Route(RefuseRole, ADMIN, role_requests.ask_refusal_reason),
)
