"""Messages of the people wing."""

from dataclasses import replace
from datetime import date

from domain.fairness.cases import CaseKind, WaitingCase
from domain.messages import Message
from domain.moments import HOUR, Moment, later
from domain.money.amounts import Millionths
from domain.people.accounts import (
    ApiKey,
    ApiKeyMade,
    ApiKeyRevoked,
    ApiKeys,
    PersonId,
    RoleGranted,
    RoleSet,
    RoleWithdrawn,
    Scope,
)
from domain.people.dashboard import ActingRole, BotState, Dashboard, LastVerification, Moved, RunningProject
from domain.people.onboarding import (
    EXAMPLE,
    HELP_TOPICS,
    CommandMenu,
    ErrorNoticed,
    Help,
    HelpSuspended,
    LanguageChosen,
    LanguageQuestion,
    NotUnderstood,
    PrivacyNotice,
    Ready,
    TermsOfUse,
    Welcome,
    WelcomeBack,
)
from domain.people.personal_data import (
    AnswersTakenBack,
    Consent,
    ConsentEnded,
    ConsentList,
    Delivery,
    Farewell,
    ForgetQuestion,
    NothingErased,
    NotYetErased,
    OpenMatter,
    PayWaived,
    PersonalData,
    RecordReady,
    WaiverQuestion,
    WithdrawQuestion,
)
from domain.people.role_requests import (
    NoRoleRequests,
    RoleInviteLink,
    RoleRefusalReasonWanted,
    RoleRequestId,
    RoleRequestPreview,
    RoleRequestRefused,
    RoleRequestSent,
    RoleRequestToDecide,
    RoleRequestWanted,
)
from domain.people.web_sessions import WebLink, WebSessionsEnded
from domain.people.webhooks import KINDS, WebhookGone, WebhookLine, WebhookMade, WebhookResent, Webhooks, WebhookSilent
from domain.projects.projects import ProjectId
from formats.personal_data import signed
from handlers.routes import COMMANDS
from tests.handlers.screens.fairness_samples import HELD

NOON = Moment(1_790_000_000_000)
UNANSWERED = (
    "address_public",
    "SECRETS_KEY",
    "ClientConnectorDNSError",
    "ServerTimeoutError",
    "ClientConnectorCertificateError",
    "ServerDisconnectedError",
)
WORKERS = tuple(command for command in COMMANDS if command.role in ("", "worker"))
NEWCOMERS = tuple(command for command in COMMANDS if not command.role)
ADMINS = tuple(command for command in COMMANDS if command.role == "admin")
ASKERS = tuple(command for command in COMMANDS if command.role != "admin")
TERMS = TermsOfUse(None, "10", Millionths(12_880_000), "EUR")
MATTERS = ("pending", "available", "on_the_way", "funds", "owed")
TITLE = "Is the review <positive> & kind?"
DASHBOARD = Dashboard(
    at=NOON,
    currency="EUR",
    workers=1,
    waiting=1,
    suspected=0,
    running=(),
    inbox=0,
    inbox_lag=0,
    outbox=4,
    outbox_lag=1_200,
    sent=1_740,
    refused=0,
    hours=(12, 3, 0, 0, 0, 1, 14, 60, 210, 420, 610, 580, 433, 390, 520, 600, 711, 640, 500, 380, 260, 180, 90, 41),
    moved=Moved(250_000_000, 312_456_000, 98_500_000),
    books=(HELD,),
    verified=LastVerification(0, later(NOON, -HOUR)),
    processes=0,
    acting=(ActingRole("house", "pouce-1", silent=False),),
)
ALARMED = replace(
    DASHBOARD,
    workers=2,
    suspected=1,
    running=(RunningProject(ProjectId(7), TITLE),),
    cases=tuple(WaitingCase(kind, 9, TITLE, later(NOON, (hours - 1) * HOUR), 2) for hours, kind in enumerate(CaseKind)),
    waiting_cases=len(CaseKind) + 1,
    bots=(BotState("pouce_bot", 12_345, is_refused=False), BotState("pouce_2_bot", 3, is_refused=True)),
    payouts=3,
    inbox=1_234,
    inbox_lag=125_000,
    outbox=12_345,
    outbox_lag=600_000,
    refused=17,
    hours=(0,) * 24,
    moved=Moved(0, 0, 0),
    books=(replace(HELD, held=Millionths(HELD.held - 1)),),
    verified=LastVerification(2, later(NOON, -HOUR)),
    processes=3,
    floor_since=date(2026, 6, 1),
    acting=tuple(ActingRole(role, "pouce-2", role == "relay") for role in ("receiver", "relay", "scheduler")),
)
DELIVERED = (Delivery("results", "csv", NOON), Delivery("files", "zip", NOON), Delivery("chat", "telegram", NOON))
RECORD = {
    "format": "pouce-record-1",
    "issuer": {"name": "Pouce", "key": "0123456789abcdef", "address": ""},
    "person": {"name": "Ada <3", "telegram_id": 2_000},
    "period": {"from": "2026-01-01", "to": "2026-11-27"},
    "answers": 1_200,
    "projects": 1,
    "kinds": {"choice": 1_000, "text": 200},
    "hours": {"measured": "12.50", "of_answers": 1_100},
    "check_questions": {"seen": 90, "right": 81, "share": "0.900", "interval_95": ["0.821", "0.946"]},
    "earned": {"EUR": "60.05"},
    "issued_at": "2026-11-27T08:00:00+00:00",
}
OPEN = (
    *(OpenMatter(what, Millionths(1_230_000), "EUR") for what in MATTERS),
    OpenMatter("rest", Millionths(1_230_000), "EUR", turn=3),
    OpenMatter("disputed", count=1),
    OpenMatter("running", count=2),
    *(OpenMatter("held", Millionths(1_230_000), "EUR", count, until=until) for count, until in ((1, 0), (2, NOON))),
)
MESSAGES: list[Message] = [
    *(WaiverQuestion(1_230_000, "EUR", kept) for kept in (0, 230_000, 1_230_000)),
    PayWaived(1_230_000, "EUR", 41),
    Welcome("Ada <3", "en"),
    Welcome("Ada", "fr"),
    Welcome("Ada", "fr", ("SN", "KE")),
    Ready(),
    WelcomeBack("Ada <3"),
    WelcomeBack("Ada", thanked=True),
    LanguageQuestion(),
    LanguageChosen(),
    LanguageChosen(reads=True),
    NotUnderstood(worker=True),
    NotUnderstood(worker=False),
    *(Help(commands) for commands in (ADMINS, ASKERS, WORKERS, NEWCOMERS)),
    *(Help(COMMANDS, topic) for topic in (*HELP_TOPICS, EXAMPLE)),
    HelpSuspended(WORKERS, "Several accounts give one answer.", 3, None),
    HelpSuspended(WORKERS, "Several accounts give one answer.", 0, NOON),
    HelpSuspended(ASKERS, "Several accounts give one answer.", 0, None),
    CommandMenu(COMMANDS),
    CommandMenu(NEWCOMERS),
    PrivacyNotice(),
    TERMS,
    replace(TERMS, agreed=NOON, fee="7.5", floor=Millionths(0)),
    PersonalData(PersonId(3), 2_000),
    PersonalData(PersonId(3), 2_000, "html"),
    ErrorNoticed(),
    RoleSet("Ada <3", on=True),
    RoleSet("@ada", on=False),
    RoleGranted(),
    RoleSet("@ada", on=True, until=NOON),
    RoleRequestWanted(),
    RoleRequestWanted(contact=True),
    RoleRequestPreview("Rosa <b>of</b> Lyon, to sort pictures of birds; rosa@example.org"),
    RoleRequestSent(NOON),
    RoleRequestRefused(""),
    RoleRequestRefused("We know nothing about you <yet>."),
    RoleRequestToDecide(RoleRequestId(7), "@rosa", "Rosa <b>of</b> Lyon, birds; rosa@example.org", NOON),
    RoleRequestToDecide(RoleRequestId(7), "Rosa <3 (7)", "birds; a@b.org", NOON, "Said <nothing>", True, True),
    NoRoleRequests(),
    RoleRefusalReasonWanted("Rosa <3 (7)"),
    RoleInviteLink("https://t.me/pouce_bot?start=give-abc", 1, NOON),
    RoleInviteLink("https://t.me/pouce_bot?start=give-abc", 30, NOON),
    WelcomeBack("Ada", gives_work=False),
    RoleWithdrawn(),
    DASHBOARD,
    ALARMED,
    replace(ALARMED, verified=None),
    ForgetQuestion((), sure=False, worker=False),
    ForgetQuestion((), sure=True, worker=True),
    ForgetQuestion(OPEN, sure=False, worker=True),
    NothingErased(),
    NotYetErased(),
    Farewell(),
    WithdrawQuestion(ProjectId(7), TITLE, 1),
    WithdrawQuestion(ProjectId(7), TITLE, 30),
    ConsentEnded(TITLE, 1),
    ConsentEnded("T", 30, DELIVERED, 7),
    AnswersTakenBack(ProjectId(7), TITLE, "w-abcdef", 1),
    AnswersTakenBack(ProjectId(7), TITLE, "w-abcdef", 30, DELIVERED, 2),
    ConsentList(()),
    ConsentList((Consent(ProjectId(10**12), TITLE, NOON, "", 1),), more=True),
    RecordReady("", ""),
    RecordReady("pdf", signed(RECORD, bytes(32))),
    RecordReady("pdf", signed({**RECORD, "check_questions": {"seen": 0}}, bytes(32))),
    RecordReady("json", signed(RECORD, bytes(32))),
    ConsentList((Consent(ProjectId(7), TITLE, NOON, "2026-11-27", 3), Consent(ProjectId(8), "T", NOON, "", 1))),
    ApiKeyMade("pouce_" + "k" * 43, "https://pouce.example/api/v1"),
    ApiKeyMade("pouce_" + "k" * 43, "", "read"),
    WebLink("https://pouce.example/app/dashboard/enter#" + "k" * 43, Moment(1)),
    WebSessionsEnded(0),
    WebSessionsEnded(2),
    ApiKeyMade(
        "pouce_" + "k" * 43,
        "https://pouce.example/api/v1",
        "spend",
        50_000_000,
        "EUR",
        "POUC" + "K" * 16,
        "s" * 40,
        "https://pouce.example",
    ),
    ApiKeyMade("pouce_" + "k" * 43, "", "draft"),
    ApiKeys((), ""),
    ApiKeys(
        (
            ApiKey(1, "kkkk", Moment(NOON), Scope.READ, None, 0, Moment(NOON)),
            ApiKey(2, "kkkk", Moment(NOON), Scope.DRAFT),
            ApiKey(3, "kkkk", Moment(NOON), Scope.SPEND, None, 1_000_000),
            *[ApiKey(n, "kkkk", Moment(NOON), Scope.SPEND, 5_000_000, 50_000, Moment(NOON)) for n in range(4, 21)],
        ),
        "https://pouce.example/api/v1",
        "EUR",
    ),
    ApiKeyRevoked("kkkk"),
    Webhooks(()),
    Webhooks((WebhookLine(1, "https://a.example/", (), Moment(NOON), 1, 0, "503"),), 7),
    Webhooks(
        (
            WebhookLine(1, "https://pouce.example/" + "h" * 478, KINDS[:4], Moment(NOON), 3, 2, "503"),
            WebhookLine(2, "https://pouce.example/hook", (), Moment(NOON)),
        )
    ),
    Webhooks(tuple(WebhookLine(1, "https://a.example/", (), Moment(NOON), 1, 0, answer) for answer in UNANSWERED)),
    WebhookMade(1, "https://pouce.example/" + "h" * 478, KINDS, "whsec_" + "s" * 32),
    WebhookMade(1, "https://pouce.example/" + "h" * 478, KINDS, "whsec_" + "s" * 32, unknown=True),
    WebhookGone(1),
    WebhookResent(1, 0),
    WebhookResent(1, 3),
    WebhookSilent(1, "pouce.example", "TimeoutError"),
]
