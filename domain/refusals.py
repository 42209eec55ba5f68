"""The tree of refusals. A refusal carries typed facts and no text: its name is the key of its text.
Refusal
├── NotAllowed            the person lacks the role (role)
├── NotFound              no such thing, or not theirs to know (what, name)
├── BadInput              what they typed can't be read (what, value, expected)
├── MustConsent           the terms come first
├── OwnMatter             an admin's own matter, where another admin can decide
├── TooManyComplaints     more than one may make a day, or have waiting (most, waiting)
├── TooManyRoleRequests   more requests to open projects than one may make in 30 days (most)
├── Suspended             an admin has stopped this person (reason, stop, appeal)
├── IsAdmin               who runs the house is not suspended in it
├── TooManyWebhooks       more addresses to be called than one may have (most)
├── NoPages               PUBLIC_URL is not set: no page of the Mini App can be opened
├── LinkOutdated          a link to the dashboard that was opened before, has ended or never was
├── NoSecretsKey          SECRETS_KEY is not set: nothing can be kept readable
├── NoHub                 what pushes to the hub of data sets is not installed (number)
├── TooManyKeys           more keys for programs than one may have (most)
├── DearerByNow           a launch costs more than when it was asked for (needed, asked, currency)
├── KeyLimit              a program's launch is more than its key may spend (hint, needed, left, currency)
├── TooManyLaunchRequests more than programs may ask their owner for within a day (most)
├── TeamRefusal
│   ├── NotInTeam         a member's role in the team does not allow it (team, right)
│   ├── TeamHalted        its owner was stopped by an admin, or lost the requester's role (team)
│   ├── CapReached        more than is left of a member's monthly cap (needed, cap, spent, left, currency)
│   ├── TooManyTeams      more teams, or more members, than there may be (what, most)
│   ├── OwnAnswers        a member's own answers, or a bonus to a member
│   ├── InvitationOver    a team's link that was used, ended or is too old, or is no link (why)
│   └── TeamOpen          money or projects keep a team open (amount, currency, running, ended, until, owed)
├── BoardRefused          not read, written or signed on the board (why, limit)
├── WorkRefusal
│   ├── NotYours          the assignment is another person's
│   ├── AlreadyAnswered   this task has their answer
│   ├── NothingLeft       of a project that was chosen: no task of it is left for this worker
│   ├── Leaving           who is about to be erased is given no task
│   ├── TooQuick          the second press of a double tap, on a task that has just come
│   ├── SentBefore        a message that came before the task in hand was there
│   ├── TooLate           the time was up and the place is taken
│   │   └── AlreadySkipped    they gave the task back themselves
│   ├── TooLateToChange   an answer stays as it is (why: time, again, told, looked, decided)
│   ├── AnswerUnknown     not one of the options (expected)
│   ├── LastChoice        one of these has to stay
│   ├── UnknownChoice     no button of this version asks for it
│   ├── ChangeFirst       an answer is open to be changed: another task is answered after that
│   ├── PageOutdated      a page that was not opened by this worker's Telegram, or before the task was theirs
│   ├── TooManyQuestions  as many as a worker may ask within a day (most)
│   ├── TooManyReports    as many tasks as a worker may report within a day (most)
│   └── AnswerUnfit       not an answer of the task's kind, or not yet (what, limit)
├── ProjectRefusal
│   ├── WrongState        the project is not in a state for this (number, state)
│   ├── TakesNoReviews    a model's answer cannot be reviewed in this project (number, why)
│   ├── NothingToLaunch   no new tasks (number)
│   ├── FundsMissing      the budget can't be held (missing, needed, available, owed, currency)
│   ├── JudgesPayMissing  a rejection holds what judges would earn (missing, needed, available, currency)
│   ├── BelowFloor        pay per hour under the floor (pay, needed, hourly, floor, currency)
│   ├── TimeUntold        nobody can tell how long an answer takes until the requester says it (number, why)
│   ├── OnlyUp            pay is never lowered (number, pay, currency)
│   ├── CantTellIsPaid    “can't tell” is an answer, and is never rejected
│   ├── RightByGold       the requester's own known answer says it is right, so it is not rejected
│   ├── CannotRedo        an answer is not asked for once more (why: gold, before, gone)
│   ├── FileRefused       rows that can't be read (errors, total)
│   ├── FileDropped       its sender wants none of it while it comes in (name)
│   ├── DraftsFull        more than a requester may leave unlaunched (rows, megabytes, most, limit)
│   └── FormRefused       a caption that can't be read (errors)
└── MoneyRefusal
    ├── NothingToPay      less than a cent is available (available, currency)
    ├── BelowLeast        Wise is asked to send more (least, available, currency)
    ├── AttemptPayMissing    the pay of a test's attempts is more than the funds (missing, needed, available, currency)
    ├── NotWholeCents     an amount that no bank can have moved (value, least, currency)
    ├── MoreThanThere     more is asked for than is available (asked, available, currency)
    ├── BonusesGone       a list of bonuses that is not the latest any more
    ├── AlreadyAsked      this payout was asked for before
    ├── FundingClosed     no account or card takes requesters' money, or only euros (why, currency)
    ├── CheckoutRefused   a payment by card that must not be made (why)
    ├── StatementRefused  a bank's file whose deposits can't be booked (why)
    ├── PayerMissing      settings that a bank file needs (missing)
    ├── AlreadyTheirs     the pay is the worker's, or was decided about
    ├── PayoutDecided     it is not, or no longer, to be decided so (number, state)
    └── KeyReused         the same key with another content (name)
"""

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar


@dataclass(eq=False)
class Refusal(Exception):
    """Its fields are JSON values; the screen of the same name words them. Amounts are millionths."""

    stored_as: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.stored_as = f"refusals.{cls.__name__}"

    @property
    def facts(self) -> dict[str, Any]:
        return {field_.name: getattr(self, field_.name) for field_ in fields(self)}

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.facts}"


@dataclass(eq=False)
class NotAllowed(Refusal):
    """The person lacks this role."""

    role: str


@dataclass(eq=False)
class NotFound(Refusal):
    what: str
    name: str


@dataclass(eq=False)
class BadInput(Refusal):
    what: str
    value: str
    expected: list[str] = field(default_factory=list)


class MustConsent(Refusal):
    pass


class OwnMatter(Refusal):
    """An admin's own project, person, report or decision, where another admin can decide."""


@dataclass(eq=False)
class TooManyComplaints(Refusal):
    most: int
    waiting: int


@dataclass(eq=False)
class TooManyRoleRequests(Refusal):
    most: int


@dataclass(eq=False)
class Suspended(Refusal):
    """`stop` is the suspension's number; `appeal`: it can be appealed still; what they are: a `worker`, one who `asks`
    for projects."""

    reason: str
    stop: int
    appeal: bool
    worker: bool = True
    asks: bool = False


class IsAdmin(Refusal):
    """An admin cannot be suspended."""


@dataclass(eq=False)
class TooManyWebhooks(Refusal):
    most: int


class NoPages(Refusal):
    """PUBLIC_URL is not set: no page of the Mini App can be opened."""


class LinkOutdated(Refusal):
    """A link to the dashboard that was opened before, has ended or never was."""


class NoSecretsKey(Refusal):
    """SECRETS_KEY is not set: what must be kept readable cannot be."""


@dataclass(eq=False)
class NoHub(Refusal):
    """The library that pushes to the hub of data sets is not installed."""

    number: int


@dataclass(eq=False)
class TooManyKeys(Refusal):
    most: int


@dataclass(eq=False)
class DearerByNow(Refusal):
    """A launch that costs more than when its owner asked for it, in millionths."""

    needed: int
    asked: int
    currency: str


@dataclass(eq=False)
class KeyLimit(Refusal):
    """A launch that a program asked for, which its key cannot pay: in millionths, what it costs and what is left to
    the key. `hint` is empty where the key was revoked."""

    hint: str
    needed: int
    left: int
    currency: str


@dataclass(eq=False)
class TooManyLaunchRequests(Refusal):
    """Programs asked this person for more launches within a day than they may."""

    most: int


@dataclass(eq=False)
class BoardRefused(Refusal):
    """`why`: members, answers, pen, daily, length, gone, closed, petitions, contacts, username, wished, wishes,
    words, contested, decided, drafted, lately, election, paper, steward, link, group; `limit` is what was reached."""

    why: str
    limit: int = 0


class MoneyRefusal(Refusal):
    pass


@dataclass(eq=False)
class KeyReused(MoneyRefusal):
    name: str


@dataclass(eq=False)
class NothingToPay(MoneyRefusal):
    """No payout is possible. `named`: there is at least a cent, but less was asked for."""

    available: int
    currency: str
    named: bool = False


@dataclass(eq=False)
class BelowLeast(MoneyRefusal):
    """A payout through Wise is below `least`."""

    least: int
    available: int
    currency: str


@dataclass(eq=False)
class NotWholeCents(MoneyRefusal):
    """The amount is no whole number of `least`, the smallest part that banks move; nothing was recorded."""

    value: str
    least: int
    currency: str


@dataclass(eq=False)
class MoreThanThere(MoneyRefusal):
    """The amount is more than is available."""

    asked: int
    available: int
    currency: str


@dataclass(eq=False)
class AttemptPayMissing(MoneyRefusal):
    """Money for the paid attempts at a test is missing; nothing was made."""

    missing: int
    needed: int
    available: int
    currency: str
    team: str = ""
    team_number: int = 0
    card: int = 0


class BonusesGone(MoneyRefusal):
    """The button belongs to a list of bonuses that is not the latest any more."""


class AlreadyAsked(MoneyRefusal):
    pass


@dataclass(eq=False)
class PayerMissing(MoneyRefusal):
    missing: list[str]


@dataclass(eq=False)
class FundingClosed(MoneyRefusal):
    why: str  # account, currency or cards
    currency: str


@dataclass(eq=False)
class CheckoutRefused(MoneyRefusal):
    why: str  # person, closed or amount


@dataclass(eq=False)
class StatementRefused(MoneyRefusal):
    why: str  # size, xml, csv, kind, many, lines, mapping, column, wise (a column of its list), account, debtor, old
    what: str = ""
    where: str = ""  # the payment that another `debtor`'s account is named for


@dataclass(eq=False)
class PayoutDecided(MoneyRefusal):
    number: int
    state: str  # its own; or handed on, declared (and the fees can't advance it), called off, spent (what came back)


class AlreadyTheirs(MoneyRefusal):
    pass


class ProjectRefusal(Refusal):
    pass


@dataclass(eq=False)
class WrongState(ProjectRefusal):
    """`stop` is that of an admin where it can be appealed, else 0."""

    number: int
    state: str
    stop: int = 0


@dataclass(eq=False)
class TakesNoReviews(ProjectRefusal):
    """`why`: models (no file of it brought answers of this model) or waiting (rows wait for a launch)."""

    number: int
    why: str


@dataclass(eq=False)
class NothingToLaunch(ProjectRefusal):
    number: int


@dataclass(eq=False)
class FundsMissing(ProjectRefusal):
    missing: int
    needed: int
    available: int
    currency: str
    owed: int = 0
    raised: bool = False
    team: str = ""
    team_number: int = 0
    card: int = 0


@dataclass(eq=False)
class JudgesPayMissing(ProjectRefusal):
    missing: int
    needed: int
    available: int
    currency: str
    team: str = ""
    team_number: int = 0
    card: int = 0


@dataclass(eq=False)
class BelowFloor(ProjectRefusal):
    number: int
    pay: int
    needed: int
    hourly: int
    floor: int
    seconds: float
    currency: str


@dataclass(eq=False)
class TimeUntold(ProjectRefusal):
    number: int
    why: str


@dataclass(eq=False)
class OnlyUp(ProjectRefusal):
    number: int
    pay: int
    currency: str


class CantTellIsPaid(ProjectRefusal):
    pass


class RightByGold(ProjectRefusal):
    pass


@dataclass(eq=False)
class CannotRedo(ProjectRefusal):
    why: str  # gold, before, gone


@dataclass(eq=False)
class FileRefused(ProjectRefusal):
    name: str
    errors: list[dict[str, Any]]
    total: int


@dataclass(eq=False)
class FileDropped(ProjectRefusal):
    name: str


@dataclass(eq=False)
class DraftsFull(ProjectRefusal):
    """Rows and megabytes that wait, and at most how many may."""

    rows: int
    megabytes: int
    most: int
    limit: int


@dataclass(eq=False)
class FormRefused(ProjectRefusal):
    errors: list[dict[str, Any]]


class TeamRefusal(Refusal):
    pass


@dataclass(eq=False)
class NotInTeam(TeamRefusal):
    """A member whose role does not allow it; `right` is look, spend or own."""

    team: str
    right: str


@dataclass(eq=False)
class TeamHalted(TeamRefusal):
    """An admin has stopped its owner, or taken the requester's role from them."""

    team: str


@dataclass(eq=False)
class CapReached(TeamRefusal):
    """The amount exceeds what is left of a member's monthly cap, in millionths of the currency."""

    needed: int
    cap: int
    spent: int
    left: int
    currency: str


@dataclass(eq=False)
class TooManyTeams(TeamRefusal):
    """`what` is teams of one owner, or members of one team."""

    what: str
    most: int


@dataclass(eq=False)
class InvitationOver(TeamRefusal):
    """The link belongs to no team, or was used, ended or is too old. `why`: over, member, project."""

    why: str = "over"


@dataclass(eq=False)
class TeamOpen(TeamRefusal):
    """A team is closed once it has no money (`amount`) and no project under way (`running`). Where there are `ended`
    ones, it is they that hold the `amount`, until then as far as is known. `owed` is what ended ones still owe to
    workers."""

    amount: int
    currency: str
    running: int
    ended: int = 0
    until: int = 0
    owed: int = 0


class OwnAnswers(TeamRefusal):
    """A member does not decide about their own answers, and a team gives its members no bonus."""


class WorkRefusal(Refusal):
    pass


class NotYours(WorkRefusal):
    pass


class AlreadyAnswered(WorkRefusal):
    pass


class TooLate(WorkRefusal):
    pass


class AlreadySkipped(TooLate):
    """The worker has given the task back."""


class NothingLeft(WorkRefusal):
    """The chosen project has no task for this worker any more."""


class Leaving(WorkRefusal):
    """The worker asked to be erased: no work begins that could not be paid."""


class TooQuick(WorkRefusal):
    pass


class SentBefore(WorkRefusal):
    """A message that came before the task in hand was there: nobody answers what they have not seen."""


class ChangeFirst(WorkRefusal):
    """An answer is open to be changed: another task is answered once that is done, or left."""


class PageOutdated(WorkRefusal):
    """A page that was not opened by this worker's Telegram, or before the task was given to them."""


@dataclass(eq=False)
class TooLateToChange(WorkRefusal):
    why: str


@dataclass(eq=False)
class AnswerUnknown(WorkRefusal):
    expected: list[str]


class LastChoice(WorkRefusal):
    pass


class UnknownChoice(WorkRefusal):
    pass


@dataclass(eq=False)
class AnswerUnfit(WorkRefusal):
    """`words` are the requester's own about what is expected."""

    what: str
    limit: int = 0
    words: str = ""


@dataclass(eq=False)
class TooManyQuestions(WorkRefusal):
    most: int


@dataclass(eq=False)
class TooManyReports(WorkRefusal):
    most: int


__all__ = [
    "AlreadyAnswered",
    "AlreadyAsked",
    "AlreadySkipped",
    "AlreadyTheirs",
    "AnswerUnfit",
    "AnswerUnknown",
    "AttemptPayMissing",
    "BadInput",
    "BelowFloor",
    "BelowLeast",
    "BoardRefused",
    "BonusesGone",
    "CannotRedo",
    "CantTellIsPaid",
    "CapReached",
    "ChangeFirst",
    "CheckoutRefused",
    "DearerByNow",
    "DraftsFull",
    "FileDropped",
    "FileRefused",
    "FormRefused",
    "FundingClosed",
    "FundsMissing",
    "InvitationOver",
    "IsAdmin",
    "JudgesPayMissing",
    "KeyLimit",
    "KeyReused",
    "LastChoice",
    "Leaving",
    "LinkOutdated",
    "MoneyRefusal",
    "MoreThanThere",
    "MustConsent",
    "NoHub",
    "NoPages",
    "NoSecretsKey",
    "NotAllowed",
    "NotFound",
    "NotInTeam",
    "NotWholeCents",
    "NotYours",
    "NothingLeft",
    "NothingToLaunch",
    "NothingToPay",
    "OnlyUp",
    "OwnAnswers",
    "OwnMatter",
    "PageOutdated",
    "PayerMissing",
    "PayoutDecided",
    "ProjectRefusal",
    "Refusal",
    "RightByGold",
    "SentBefore",
    "StatementRefused",
    "Suspended",
    "TakesNoReviews",
    "TeamHalted",
    "TeamOpen",
    "TeamRefusal",
    "TimeUntold",
    "TooLate",
    "TooLateToChange",
    "TooManyComplaints",
    "TooManyKeys",
    "TooManyLaunchRequests",
    "TooManyQuestions",
    "TooManyReports",
    "TooManyRoleRequests",
    "TooManyTeams",
    "TooManyWebhooks",
    "TooQuick",
    "UnknownChoice",
    "WorkRefusal",
    "WrongState",
]
