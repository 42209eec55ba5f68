"""Access for requesters: who wants to give work asks for it in the chat, or comes by an admin's invitation."""

from secrets import token_urlsafe
from typing import Any

from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.review import MAX_REASON_CHARS, MIN_REASON_CHARS, parse_reason
from domain.moments import Moment
from domain.people.accounts import Person, PersonId, RoleGranted
from domain.people.role_requests import (
    MAX_INVITED,
    MAX_REQUEST_CHARS,
    MAX_REQUESTS,
    MAX_SHOWN_REQUESTS,
    MIN_REQUEST_CHARS,
    TOKEN_BYTES,
    TOKEN_PREFIX,
    NoRoleRequests,
    RoleInviteLink,
    RoleRefusalReasonWanted,
    RoleRequest,
    RoleRequestId,
    RoleRequestPreview,
    RoleRequestRefused,
    RoleRequestSent,
    RoleRequestState,
    RoleRequestToDecide,
    RoleRequestWanted,
    has_contact,
    hash_invitation,
    parse_request,
)
from domain.refusals import BadInput, InvitationOver, NotFound, TooManyRoleRequests
from services.act import Act, Reply
from services.fairness import cases
from services.people import bots, menus
from storage.unit import UnitOfWork

JOURNEY, REASON_JOURNEY = "role request", "role refusal"
MAX_REQUESTS_PER_SWEEP = 20

AskedForRole = RoleRequestWanted | RoleRequestSent | RoleGranted


def ask_for_role(act: Act) -> AskedForRole:
    """Take the person's next message as the words of their request for the requester's role.

    Return RoleGranted if they may open projects already, RoleRequestSent if a request of theirs waits. Raise Suspended
    if an admin stopped them, TooManyRoleRequests after MAX_REQUESTS within 30 days."""
    act.refuse_suspended()
    if act.house.may_ask(act.person):
        return RoleGranted()
    waiting_request = act.unit.role_requests.find_waiting(act.person.id)
    if waiting_request is not None:
        return RoleRequestSent(waiting_request.due_at)
    if act.unit.role_requests.count_recent(act.person.id) >= MAX_REQUESTS:
        raise TooManyRoleRequests(most=MAX_REQUESTS)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"words": ""}, act.unit.now)
    return RoleRequestWanted()


def preview_request(act: Act, draft: dict[str, Any], text: str) -> RoleRequestPreview | RoleRequestWanted:
    """Show the typed words with a button that sends them; ask how to reach the person if the words do not say it, and
    add what is typed next. Raise BadInput if the words are too short or too long, Suspended."""
    act.refuse_suspended()
    earlier = draft["words"]
    words = parse_request(f"{earlier} {text}" if earlier and not has_contact(earlier) else text)
    if words is None:
        raise BadInput(what="role_request", value="", expected=[str(MIN_REQUEST_CHARS), str(MAX_REQUEST_CHARS)])
    act.unit.drafts.keep(act.person.id, JOURNEY, {"words": words}, act.unit.now)
    return RoleRequestPreview(words) if has_contact(words) else RoleRequestWanted(contact=True)


def send_request(act: Act) -> Reply | AskedForRole:
    """Send the previewed words to the admins. Return what `ask_for_role` returns if no words wait to be sent, or
    nothing is to be asked for any more."""
    unit, person = act.unit, act.person
    draft = unit.drafts.find(person.id)
    words = draft.fields["words"] if draft is not None and draft.journey == JOURNEY else ""
    result = ask_for_role(act)
    if not isinstance(result, RoleRequestWanted):
        return Reply(result, edits=act.message)
    if not has_contact(words):
        return result
    unit.drafts.drop(person.id)
    request = unit.role_requests.add(person.id, words)
    if len(unit.role_requests.list_waiting(MAX_SHOWN_REQUESTS + 1)) <= MAX_SHOWN_REQUESTS:
        for admin in cases.get_deciders(unit, act.house.admins, (person.id,)):
            cases.send_case(unit, admin, cases.role_case_name(request.id), _to_case(unit, request))
    return Reply(RoleRequestSent(request.due_at), edits=act.message)


def show_requests(act: Act) -> Reply | NoRoleRequests:
    """Return the oldest request that this admin may decide."""
    for request in act.unit.role_requests.list_waiting(MAX_SHOWN_REQUESTS):
        if act.person.id in cases.get_deciders(act.unit, act.house.admins, (request.person,)):
            return cases.reply_with_case(cases.role_case_name(request.id), _to_case(act.unit, request))
    return NoRoleRequests()


def grant_request(act: Act, request: RoleRequestId) -> Reply:
    """Grant the role, and tell the person. Return the outcome, also if another admin was faster. Raise NotFound if the
    person was erased, OwnMatter if it is the admin's own request and another admin could decide."""
    unit, role_request = act.unit, _get_request(act.unit, request)
    if role_request.state is RoleRequestState.WAITING:
        cases.require_decider(act, role_request.person)
        grant_role(act, unit.people.get(role_request.person))
    return cases.reply_with_outcome(act, _to_outcome(unit, _get_request(unit, request)))


def ask_refusal_reason(act: Act, request: RoleRequestId) -> RoleRefusalReasonWanted | Reply:
    """Take the admin's next message as the reason of a refusal. Return the outcome if it was decided before; raise as
    `grant_request`."""
    role_request = _get_request(act.unit, request)
    if role_request.state is not RoleRequestState.WAITING:
        return cases.reply_with_outcome(act, _to_outcome(act.unit, role_request))
    cases.require_decider(act, role_request.person)
    act.unit.drafts.keep(act.person.id, REASON_JOURNEY, {"request": request}, act.unit.now)
    return RoleRefusalReasonWanted(act.unit.people.get(role_request.person).label)


def refuse_request(act: Act, draft: dict[str, Any], text: str) -> CaseClosed:
    """Refuse a request for the typed reason, which the person reads. Return the outcome, also if another admin was
    faster. Raise BadInput if the reason is too short or too long."""
    act.require("admin")
    unit, reason, request = act.unit, parse_reason(text), RoleRequestId(draft["request"])
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(MIN_REASON_CHARS), str(MAX_REASON_CHARS)])
    unit.drafts.drop(act.person.id)
    role_request = _get_request(unit, request)
    cases.require_decider(act, role_request.person)
    if unit.role_requests.close(request, RoleRequestState.REFUSED, act.person.id, reason):
        unit.audit.note(act.person.id, "role refused", f"person:{role_request.person}", reason=reason)
        unit.outbox.tell(role_request.person, RoleRequestRefused(reason))
        _close_case(act, request)
    return _to_outcome(unit, _get_request(unit, request))


def end_overdue_requests(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Refuse requests that nobody decided in time, and tell the people that they may ask again; delete invitations that
    have ended."""
    unit.role_requests.delete_ended_invitations()
    for request in unit.role_requests.list_overdue(MAX_REQUESTS_PER_SWEEP):
        unit.role_requests.close(request.id, RoleRequestState.LAPSED, None)
        unit.outbox.tell(request.person, RoleRequestRefused(""))
        outcome = _to_outcome(unit, _get_request(unit, request.id))
        cases.close_case(unit, admins, cases.role_case_name(request.id), outcome)


def grant_role(act: Act, person: Person) -> None:
    """Let a person open projects: note it in the audit log, close their request, tell them if they have used the bot,
    and send the requester's menu."""
    unit = act.unit
    unit.audit.note(act.person.id, "role", f"person:{person.id}", requester=True)
    request = _make_requester(unit, person, act.person.id)
    if request is not None:
        _close_case(act, request.id)
    if person.name:
        menus.send_menu(act, person.id)
        if person.id != act.person.id:
            unit.outbox.tell(person.id, RoleGranted())


def make_invitation(act: Act, people: str) -> RoleInviteLink:
    """Return a new link that lets in so many people, one if `people` is empty, as requesters. Raise BadInput for
    another number than 1 to MAX_INVITED, NotFound before the bot knows its own name."""
    unit, token = act.unit, TOKEN_PREFIX + token_urlsafe(TOKEN_BYTES)
    count = int(people) if people.isdecimal() and len(people) < len(str(MAX_INVITED)) + 1 else int(not people)
    if not 1 <= count <= MAX_INVITED:
        raise BadInput(what="role", value=people, expected=["/role invite"])
    link = bots.link_to_bot(unit, token)
    if link is None:
        raise NotFound(what="invitation", name="")
    until = unit.role_requests.invite(hash_invitation(token), act.person.id, count)
    unit.audit.note(act.person.id, "role invitation", "", people=count, until=until)
    return RoleInviteLink(link, count, until)


def invite_by_username(act: Act, username: str) -> Moment:
    """Let whoever has this @username open projects once they write to the bot; return until when that is possible."""
    act.unit.audit.note(act.person.id, "role invitation", "")
    return act.unit.role_requests.invite(username.lower(), act.person.id, 1)


def accept_link(act: Act, token: str) -> AskedForRole:
    """Make the person who opened an invitation's link a requester. A person from whom an admin took the role asks for
    it: the link may have been handed on. Raise Suspended, and InvitationOver if the link has ended."""
    act.refuse_suspended()
    if act.person.barred or act.house.may_ask(act.person):
        return ask_for_role(act)
    admin = act.unit.role_requests.use_invitation(hash_invitation(token))
    if admin is None:
        raise InvitationOver(why="role")
    _accept_invitation(act.unit, act.person, admin)
    menus.send_menu(act, act.person.id)
    return RoleGranted()


def accept_by_username(unit: UnitOfWork, person: Person) -> bool:
    """Make a person a requester whom an admin invited by @username before they wrote; return whether one did."""
    admin = unit.role_requests.use_invitation(f"@{person.username}".lower()) if person.username else None
    if admin is not None:
        _accept_invitation(unit, person, admin)
        if person.is_worker:  # others read it when they press start
            unit.outbox.tell(person.id, RoleGranted())
    return admin is not None


def _accept_invitation(unit: UnitOfWork, person: Person, admin: PersonId) -> None:
    unit.audit.note(admin, "role", f"person:{person.id}", requester=True, invited=True)
    _make_requester(unit, person, admin)


def _make_requester(unit: UnitOfWork, person: Person, admin: PersonId) -> RoleRequest | None:
    """Give a person the role by an admin's decision; grant and return their waiting request, None if none waits."""
    unit.people.make_requester(person.id, True)
    request = unit.role_requests.find_waiting(person.id)
    if request is not None:
        unit.role_requests.close(request.id, RoleRequestState.GRANTED, admin)
    return request


def _get_request(unit: UnitOfWork, request: RoleRequestId) -> RoleRequest:
    """Raise NotFound if the person was erased, and the request with them."""
    role_request = unit.role_requests.find(request)
    if role_request is None:
        raise NotFound(what="role_request", name=str(request))
    return role_request


def _to_case(unit: UnitOfWork, request: RoleRequest) -> RoleRequestToDecide:
    person = unit.people.get(request.person)
    return RoleRequestToDecide(
        request=request.id,
        who=person.label,
        words=request.words,
        due=request.due_at,
        refused_before=unit.role_requests.find_last_reason(request.person),
        barred=person.barred,
        suspended=person.suspended,
    )


def _to_outcome(unit: UnitOfWork, request: RoleRequest) -> CaseClosed:
    who = unit.people.get(request.person).label
    end = CaseEnd.GRANTED if request.state is RoleRequestState.GRANTED else CaseEnd.REFUSED
    return CaseClosed(who, end, unit.people.get(request.decided_by).label if request.decided_by else "")


def _close_case(act: Act, request: RoleRequestId) -> None:
    outcome = _to_outcome(act.unit, _get_request(act.unit, request))
    cases.close_case(act.unit, act.house.admins, cases.role_case_name(request), outcome, act)
