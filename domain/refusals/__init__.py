"""The tree of refusals. A refusal carries typed facts and no text: its name is the key of its text.
Refusal
├── NotAllowed            the person lacks the role (role)
├── NotFound              no such thing, or not theirs to know (what, name)
├── BadInput              what they typed can't be read (what, value, expected)
├── MustConsent           the terms come first
├── OwnMatter             an admin's own matter, where another admin can decide
├── TooManyComplaints     more than one may make a day, or have waiting (most, waiting)
├── Suspended             an admin has stopped this person (reason, stop, appeal)
├── IsAdmin               who runs the house is not suspended in it
├── TooManyWebhooks       more addresses to be called than one may have (most)
├── NoPages               PUBLIC_URL is not set: no page of the Mini App can be opened
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
    ├── FundingClosed     no account takes requesters' money, or it takes no other currency than euros (why, currency)
    ├── StatementRefused  a bank's file whose deposits can't be booked (why)
    ├── PayoutWaits       the tax form was asked for three times and is not there (asked_at)
    ├── RatesUnread       a file of contribution rates with flaws (lines, columns)
    ├── ContributionsOff  CONTRIBUTIONS is not set
    ├── TaxFormClosed     SECRETS_KEY is not set: tax forms can't be kept
    ├── PayerMissing      settings that a bank file needs (missing)
    ├── AlreadyTheirs     the pay is the worker's, or was decided about
    ├── PayoutDecided     it is not, or no longer, to be decided so (number, state)
    └── KeyReused         the same key with another content (name)
"""

from domain.refusals.board import BoardRefused
from domain.refusals.money import (
    AlreadyAsked,
    AlreadyTheirs,
    AttemptPayMissing,
    BelowLeast,
    BonusesGone,
    ContributionsOff,
    FundingClosed,
    KeyReused,
    MoneyRefusal,
    MoreThanThere,
    NothingToPay,
    NotWholeCents,
    PayerMissing,
    PayoutDecided,
    PayoutWaits,
    RatesUnread,
    StatementRefused,
    TaxFormClosed,
)
from domain.refusals.projects import (
    BelowFloor,
    CannotRedo,
    CantTellIsPaid,
    DraftsFull,
    FileDropped,
    FileRefused,
    FormRefused,
    FundsMissing,
    JudgesPayMissing,
    NothingToLaunch,
    OnlyUp,
    ProjectRefusal,
    RightByGold,
    TakesNoReviews,
    TimeUntold,
    WrongState,
)
from domain.refusals.refusal import (
    BadInput,
    DearerByNow,
    IsAdmin,
    KeyLimit,
    MustConsent,
    NoHub,
    NoPages,
    NoSecretsKey,
    NotAllowed,
    NotFound,
    OwnMatter,
    Refusal,
    Suspended,
    TooManyComplaints,
    TooManyKeys,
    TooManyLaunchRequests,
    TooManyWebhooks,
)
from domain.refusals.teams import (
    CapReached,
    InvitationOver,
    NotInTeam,
    OwnAnswers,
    TeamHalted,
    TeamOpen,
    TeamRefusal,
    TooManyTeams,
)
from domain.refusals.work import (
    AlreadyAnswered,
    AlreadySkipped,
    AnswerUnfit,
    AnswerUnknown,
    ChangeFirst,
    LastChoice,
    Leaving,
    NothingLeft,
    NotYours,
    PageOutdated,
    SentBefore,
    TooLate,
    TooLateToChange,
    TooManyQuestions,
    TooManyReports,
    TooQuick,
    UnknownChoice,
    WorkRefusal,
)

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
    "ContributionsOff",
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
    "PayoutWaits",
    "ProjectRefusal",
    "RatesUnread",
    "Refusal",
    "RightByGold",
    "SentBefore",
    "StatementRefused",
    "Suspended",
    "TakesNoReviews",
    "TaxFormClosed",
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
    "TooManyTeams",
    "TooManyWebhooks",
    "TooQuick",
    "UnknownChoice",
    "WorkRefusal",
    "WrongState",
]
