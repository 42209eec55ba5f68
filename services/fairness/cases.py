"""Cases that admins decide: each message about a case has a name that begins with the case's, so that a decision
removes the buttons of all of them."""

from collections.abc import Collection

from domain.fairness.cases import CaseClosed
from domain.messages import Message
from domain.people.accounts import PersonId
from domain.people.teams import is_team
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
        for name, message in unit.live_messages.named(admin, case_name):
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
    if act.person.id not in _with_members(act.unit, involved):
        return False
    if act.person.id not in get_deciders(act.unit, act.house.admins, involved):
        raise OwnMatter()
    return True


def _with_members(unit: UnitOfWork, involved: Collection[PersonId | None]) -> set[PersonId | None]:
    """Return the involved people, and everyone who is or was a member of an involved team."""
    teams = (person for person in involved if person is not None and is_team(person))
    return {*involved, *(member for team in teams for member in unit.teams.list_ever_members(team))}
