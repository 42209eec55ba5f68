"""Cases that admins decide: each message about one has its name, so that all of them lose their buttons with it."""

from collections.abc import Collection

from domain.fairness.cases import CaseClosed
from domain.messages import Message
from domain.people.accounts import PersonId
from domain.people.teams import is_team
from domain.refusals import OwnMatter
from services.act import Act, Reply
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def stop(number: int) -> str:
    return f"case:stop:{number}:"


def notice(stop: int) -> str:
    """Of whoever a stop concerns, not of an admin."""
    return f"stop:{stop}"


def appeal(stop: int) -> str:
    return f"case:appeal:{stop}:"


def reports(project: int) -> str:
    return f"case:reports:{project}:"


def pause(project: int) -> str:
    return f"case:pause:{project}:"


def ruling(appeal: int) -> str:
    """An appeal against a rejection that too few workers could judge."""
    return f"case:ruling:{appeal}:"


def restriction(number: int) -> str:
    return f"case:restriction:{number}:"


def post(number: int) -> str:
    """A reported post of a board."""
    return f"case:post:{number}:"


def look(project: int) -> str:
    return f"case:look:{project}:"


def show(unit: UnitOfWork, admin: PersonId, case: str, message: Message, part: str = "asked") -> None:
    """One message a `part`; the next one of the same name is a new message."""
    unit.live_messages.forget(admin, f"{case}{part}")
    unit.outbox.tell(admin, message, live=f"{case}{part}")


def shown(case: str, message: Message, part: str = "shown") -> Reply:
    """To the admin who asked for it."""
    return Reply(message, live=f"{case}{part}", anew=True)


def close(unit: UnitOfWork, admins: Collection[int], case: str, closed: CaseClosed, act: Act | None = None) -> None:
    """Every message about it says what became of it; the one that was pressed is edited by its own answer."""
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        pressed = act.message if act is not None and act.person.id == admin else None
        for name, message in unit.live_messages.named(admin, case):
            if message != pressed:
                unit.outbox.tell(admin, closed, live=name, lane=Lane.TIDY, klass="nudge")


def closed_already(act: Act, closed: CaseClosed) -> Reply:
    """An outdated press: its message says what became of the case instead."""
    return Reply(closed, edits=act.message)


def deciders(unit: UnitOfWork, admins: frozenset[int], involved: Collection[PersonId | None]) -> list[PersonId]:
    """The admins who may decide: those who are not involved; all where there is no other."""
    known, parties = unit.people.with_telegram_ids(tuple(sorted(admins))), _with_members(unit, involved)
    return [admin for admin in known if admin not in parties] or known


def check(act: Act, *involved: PersonId | None) -> bool:
    """Whether the admin who acts is alone with a matter of their own: then they may, and it is noted. Raises OwnMatter
    where another one could decide."""
    if act.person.id not in _with_members(act.unit, involved):
        return False
    if act.person.id not in deciders(act.unit, act.house.admins, involved):
        raise OwnMatter()
    return True


def _with_members(unit: UnitOfWork, involved: Collection[PersonId | None]) -> set[PersonId | None]:
    """A team's matter is each member's, and who was one knows its people."""
    teams = (each for each in involved if each is not None and is_team(each))
    return {*involved, *(member for team in teams for member in unit.teams.ever_in(team))}
