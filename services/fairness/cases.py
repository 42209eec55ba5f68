"""Cases that admins decide: who may decide, the queue of what waits, and the messages about a case, whose names begin
with the case's, so that a decision removes the buttons of all of them."""

from collections.abc import Collection
from dataclasses import replace

from domain.fairness.appeals import AppealId
from domain.fairness.cases import CaseClosed, CaseKind, CaseRow, WaitingCase
from domain.messages import Message
from domain.people.accounts import PersonId
from domain.people.teams import is_team
from domain.projects.projects import ProjectId
from domain.refusals import OwnMatter
from services.act import Act, Reply
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def stop_case_name(number: int) -> str:
    return f"case:stop:{number}:"


def stop_notice_name(stop: int) -> str:
    """Return the name of a stop's message to the person whom it concerns, not to an admin."""
    return f"stop:{stop}"


def stop_appeal_case_name(stop: int) -> str:
    return f"case:appeal:{stop}:"


def reports_case_name(project: int) -> str:
    return f"case:reports:{project}:"


def pause_case_name(project: int) -> str:
    return f"case:pause:{project}:"


def ruling_case_name(appeal: int) -> str:
    """An appeal against a rejection that too few workers could judge."""
    return f"case:ruling:{appeal}:"


def restriction_case_name(number: int) -> str:
    return f"case:restriction:{number}:"


def post_case_name(number: int) -> str:
    """A reported post of a board."""
    return f"case:post:{number}:"


def first_look_case_name(project: int) -> str:
    return f"case:look:{project}:"


def role_case_name(request: int) -> str:
    """A request to open projects."""
    return f"case:role:{request}:"


def send_case(unit: UnitOfWork, admin: PersonId, case_name: str, message: Message, part: str = "asked") -> None:
    """Send a case to an admin as a new message; `part` distinguishes several messages about one case."""
    unit.live_messages.forget(admin, f"{case_name}{part}")
    unit.outbox.tell(admin, message, live=f"{case_name}{part}")


def reply_with_case(case_name: str, message: Message, part: str = "shown") -> Reply:
    """Return a case as a new message for the admin who asked for it."""
    return Reply(message, live=f"{case_name}{part}", anew=True)


def close_case(
    unit: UnitOfWork, admins: Collection[int], case_name: str, outcome: CaseClosed, act: Act | None = None
) -> None:
    """Replace all admins' messages about a case by its outcome. The message that `act` pressed is left to its own
    reply."""
    for admin in unit.people.list_with_telegram_ids(tuple(sorted(admins))):
        pressed_message = act.message if act is not None and act.person.id == admin else None
        for name, message in unit.live_messages.list_by_prefix(admin, case_name):
            if message != pressed_message:
                unit.outbox.tell(admin, outcome, live=name, lane=Lane.TIDY, klass="nudge")


def reply_with_outcome(act: Act, outcome: CaseClosed) -> Reply:
    """Return the outcome in place of the pressed message, whose case was decided before."""
    return Reply(outcome, edits=act.message)


def get_deciders(unit: UnitOfWork, admins: frozenset[int], involved: Collection[PersonId | None]) -> list[PersonId]:
    """Return the admins who may decide: those who are not involved, or all of them if every admin is."""
    all_admins, parties = unit.people.list_with_telegram_ids(tuple(sorted(admins))), _with_members(unit, involved)
    return [admin for admin in all_admins if admin not in parties] or all_admins


def require_decider(act: Act, *involved: PersonId | None) -> bool:
    """Return whether the acting admin decides their own matter, as no other admin can; the caller notes that in the
    audit log. Raise OwnMatter if the admin is involved and another one could decide."""
    if not _is_involved(act, involved):
        return False
    if not _is_decider(act, involved):
        raise OwnMatter()
    return True


def _is_involved(act: Act, involved: Collection[PersonId | None]) -> bool:
    return act.person.id in _with_members(act.unit, involved)


def _is_decider(act: Act, involved: Collection[PersonId | None]) -> bool:
    return act.person.id in get_deciders(act.unit, act.house.admins, involved)


def _with_members(unit: UnitOfWork, involved: Collection[PersonId | None]) -> set[PersonId | None]:
    """Return the involved people, and everyone who is or was a member of an involved team."""
    teams = (person for person in involved if person is not None and is_team(person))
    return {*involved, *(member for team in teams for member in unit.teams.list_ever_members(team))}


# Their screens go through all of them, one after the other.
GROUPED_KINDS = (CaseKind.RESTRICTION, CaseKind.COMPLAINT, CaseKind.ROLE)


def list_waiting_cases(act: Act, limit: int) -> list[WaitingCase]:
    """Return the cases that this admin may decide, at most `limit`, the most urgent first; all restrictions are one
    entry, all complaints are, and all requests for a role."""
    entries: dict[tuple[CaseKind, int], WaitingCase] = {}
    for row in act.unit.cases.list_waiting(limit):
        if not _may_decide(act, row):
            continue
        key = (row.kind, 0 if row.kind in GROUPED_KINDS else row.number)
        if key in entries:
            entries[key] = replace(entries[key], count=entries[key].count + 1)
        else:
            entries[key] = WaitingCase(row.kind, row.number, row.title, row.due)
    return list(entries.values())


def _may_decide(act: Act, case: CaseRow) -> bool:
    """Return whether the case is for this admin: nobody decides on their own restriction or complaint, nor, if another
    admin can, on what involves them."""
    unit, admin = act.unit, act.person.id
    if case.kind is CaseKind.RULING:
        appeal = unit.appeals.find(AppealId(case.number))
        return appeal is not None and not unit.appeals.is_party(appeal, admin)
    if case.kind in (CaseKind.RESTRICTION, CaseKind.COMPLAINT) and case.worker == admin:
        return False
    involved = [case.requester, case.decider, case.worker]
    if case.kind is CaseKind.REPORTS:
        involved += [report.reporter for report in unit.reports.list_open(ProjectId(case.number))]
    return not _is_involved(act, involved) or _is_decider(act, involved)
