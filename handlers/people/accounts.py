"""Onboarding, language, settings, roles, API keys, erasure."""

from __future__ import annotations

from domain.fairness.cases import CaseKind, WaitingCase
from domain.moments import HOUR, MINUTE
from domain.money.bank_statements import Unexplained
from domain.money.funds import Holdings
from domain.people.accounts import (
    ADMIN,
    RoleGranted,
    RoleSet,
    RoleWithdrawn,
)
from domain.people.dashboard import ActingRole, Dashboard, LastVerification
from domain.people.settings import rules_of
from handlers.fairness import (
    appeals,
    board,
    complaints,
    first_look,
    petitions,
    questions,
    reports,
    review,
    stops,
)
from handlers.money import bank_statements
from handlers.payload import Payload, Words
from handlers.projects import wizard
from handlers.quality import restrictions
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    clipped,
    fitted,
    lines,
    shows,
)
from locales.translator import Html, Translator
from reports.overview import (
    Day,
    Note,
    Sum,
    Tile,
    overview_picture,
)
from services.people import accounts, dashboard


class ShowDashboard(Payload):
    pass


class SetRole(Payload):
    """The service checks all fields: a mistake shows the whole usage line."""

    who: str = ""
    role: str = ""
    state: Words = ""


LATE, SLOW = MINUTE, 5 * MINUTE  # an update, a message that waits so long is looked at
OFTEN = 5  # refusals a day that are looked at
CENT = 10_000  # millionths
NOTED, LABEL = 58, 30  # characters of a line on the picture, of a button


@shows(Dashboard)
def overview(seen: Dashboard, t: Translator) -> Screen:
    """The picture shows activity, the caption the owners of money; alarms are in both."""
    running = [t("▶️ #{number} {title}", number=p.number, title=clipped(p.title, 60)) for p in seen.running]
    books = [line for book in seen.books for line in _book(book, t)]
    caption = lines(
        t("🏠 <b>The bot today</b>"),
        " ",
        t(
            "👥 {workers}, {waiting} waiting for tasks now",
            workers=t.n("{count} worker", "{count} workers", seen.workers),
            waiting=t.number(seen.waiting),
        ),
        t.n(
            "🔎 {count} worker is worth a look: /audit",
            "🔎 {count} workers are worth a look: /audit",
            seen.suspected,
        )
        if seen.suspected
        else None,
        _to_decide(seen, t),
        t(
            "⚠️ The wage floor is that of {day}. Look up today’s and set WAGE_FLOOR_PER_HOUR.",
            day=seen.floor_since.isoformat(),
        )
        if seen.floor_since
        else None,
        _tax_forms(seen, t),
        *fitted(running, t, room=330),
        None if running else t("No project is running."),
        t(
            "Waiting: 📥 {inbox} received · 📤 {outbox} to be sent",
            inbox=t.number(seen.inbox),
            outbox=t.number(seen.outbox),
        ),
        " ",
        *fitted(books, t, room=480),
    )
    return Screen(caption, _queues(seen, t), photo=lambda: picture(seen, t))


def _to_decide(seen: Dashboard, t: Translator) -> Html | None:
    """How much waits for this admin's word; the buttons lead there."""
    count = seen.waiting_cases + seen.restrictions + seen.complaints
    return (
        t.n("👇 {count} case waits for your decision", "👇 {count} cases wait for your decision", count)
        if count
        else None
    )


def _tax_forms(seen: Dashboard, t: Translator) -> Html | None:
    forms = seen.tax_forms
    if forms is None:
        return t("⚠️ No tax forms (DAC7) are asked for: set SECRETS_KEY.")
    return (
        t(
            "🧾 {missing}; {waiting} of them not paid until then",
            missing=t.n("{count} tax form is missing", "{count} tax forms are missing", forms.missing),
            waiting=t.number(forms.waiting),
        )
        if forms.missing
        else None
    )


def _queues(seen: Dashboard, t: Translator) -> Keyboard:
    """What waits for a human's word."""
    waiting = t.n("⏸ {count} restriction to confirm", "⏸ {count} restrictions to confirm", seen.restrictions)
    unanswered = t.n("✍️ {count} complaint to answer", "✍️ {count} complaints to answer", seen.complaints)
    payouts = t.n("🏦 {count} payout to the bank", "🏦 {count} payouts to the bank", seen.payouts)
    return (
        *([(Button(str(waiting), restrictions.ShowRestrictions().pack()),)] if seen.restrictions else []),
        *([(Button(str(unanswered), complaints.ShowComplaints().pack()),)] if seen.complaints else []),
        *((_case(each, t),) for each in seen.cases),
        *([(Button(str(payouts), bank_statements.ListPayouts().pack()),)] if seen.payouts else []),
    )


def _case(case: WaitingCase, t: Translator) -> Button:
    number, title = case.number, case.title
    words, wire = {
        CaseKind.LOOK: (f"👀 {number} · {title}", first_look.ShowLook.wire),
        CaseKind.REPORTS: (
            t.plain("🚩 Reported: {number} · {title}", number=number, title=title),
            reports.ShowReported.wire,
        ),
        CaseKind.REJECTIONS: (
            t.plain("🙅 Rejections: {number} · {title}", number=number, title=title),
            review.ShowPause.wire,
        ),
        CaseKind.QUESTION: (
            t.plain("❓ Abuse? {number} · {title}", number=number, title=title),
            questions.ShowReportedQuestion.wire,
        ),
        CaseKind.APPEAL: (t.plain("⚖️ Appeal {number}", number=number), stops.ShowStop.wire),
        CaseKind.RULING: (t.plain("⚖️ Rejected answer {number}", number=number), appeals.ShowRuling.wire),
        CaseKind.POST: (t.plain("🚩 Reported post #{number}", number=number), board.ShowReportedPost.wire),
        CaseKind.CONTEST: (t.plain("🪦 Contested post #{number}", number=number), board.ShowContest.wire),
        CaseKind.PETITION: (t.plain("📣 Petition #{number}", number=number), petitions.ShowPetition.wire),
    }[case.kind]
    return Button(clipped(words, LABEL), wire(number))


def picture(seen: Dashboard, t: Translator) -> bytes:
    hour = HOUR * (seen.at // HOUR)
    day = Day(
        t.plain("Answers by the hour"),
        list(seen.hours),
        t.clock(hour - HOUR * (len(seen.hours) - 1), seen.zone),
        t.clock(hour, seen.zone),
        t.number(max(seen.hours)) if any(seen.hours) else t.plain("none so far"),
    )
    words = {"deposited": t.plain("Deposited"), "earned": t.plain("Earned"), "paid": t.plain("Paid out")}
    moved = {what: getattr(seen.moved, what) for what in words}
    moved = {what: sum_ - sum_ % CENT for what, sum_ in moved.items()}
    sums = [Sum(words[what], sum_, t.money(sum_, seen.currency)) for what, sum_ in moved.items()]
    when = t.moment(seen.at, rules_of(seen.zone))
    title = t.plain("The bot, {when}, {city}", when=when, city=t.city(seen.zone))
    return overview_picture(title, tiles(seen, t), day, t.plain("Money in 24 hours"), sums, notes(seen, t))


def tiles(seen: Dashboard, t: Translator) -> list[Tile]:
    """Tiles of activity, then of queues and Telegram's refusals."""
    late, slow = seen.inbox_lag > LATE, seen.outbox_lag > SLOW
    return [
        Tile(t.plain("Answers"), t.number(sum(seen.hours)), t.plain("in 24 hours")),
        Tile(
            t.plain("Workers"),
            t.number(seen.workers),
            t.plain("{count} wait now", count=t.number(seen.waiting)),
        ),
        Tile(t.plain("Messages"), t.number(round(seen.sent / 60, 1)), t.plain("a second, of 30")),
        Tile(t.plain("To be handled"), t.number(seen.inbox), _oldest(seen.inbox_lag, t), late),
        Tile(t.plain("To be sent"), t.number(seen.outbox), _oldest(seen.outbox_lag, t), slow),
        Tile(t.plain("Refusals"), t.number(seen.refused), t.plain("by Telegram, 24 h"), seen.refused >= OFTEN),
    ]


def _oldest(lag: int, t: Translator) -> str:
    return t.plain("for {time}", time=t.duration(lag)) if lag >= 1_000 else t.plain("nobody waits")


def notes(seen: Dashboard, t: Translator) -> list[Note]:
    """The ledger's rules, its sums, the active processes."""
    uneven = [book.currency for book in seen.books if _rest(book)]
    acting = _acting(seen.acting, t)
    many = t.n("{count} process", "{count} processes", seen.processes) if seen.processes else ""
    return [
        _verified(seen.verified, seen.zone, t),
        Note("! " + t.plain("The ledger does not sum to 0: {currencies}", currencies=", ".join(uneven)), alarm=True)
        if uneven
        else Note("✓ " + t.plain("The ledger sums to 0")),
        Note(
            clipped(" · ".join([*acting, *([str(many)] if many else [])]) or t.plain("No process acts"), NOTED),
            alarm=not acting or any(found.silent for found in seen.acting),
        ),
    ]


def _verified(verified: LastVerification | None, zone: str, t: Translator) -> Note:
    if verified is None:
        return Note("! " + t.plain("The ledger was never checked: /verify"), alarm=True)
    when = t.moment(verified.at, rules_of(zone))
    if verified.broken:
        broken = t.n("{count} rule was broken", "{count} rules were broken", verified.broken)
        return Note(f"! {broken}, {when}", alarm=True)
    return Note("✓ " + t.plain("Every rule of the ledger held, {when}", when=when))


def _acting(found: tuple[ActingRole, ...], t: Translator) -> list[str]:
    """The roles of each machine."""
    words = {"relay": t.plain("sends"), "scheduler": t.plain("sweeps"), "receiver": t.plain("receives")}
    does: dict[str, list[str]] = {}
    for each in found:
        told = words.get(each.role, t.plain("acts"))
        does.setdefault(each.host, []).append(t.plain("{what} (silent)", what=told) if each.silent else told)
    return [f"{clipped(host, 16)} {', '.join(what)}" for host, what in does.items()]


def _book(book: Holdings, t: Translator) -> list[Html]:
    """One currency: the sum held, its owners, and their equality."""
    amounts = {"bank": book.held, "owed": book.owed, "fees": book.fees, "sum": _rest(book)}
    money = {name: t.money(amount, book.currency) for name, amount in amounts.items()}
    return [
        t("🏦 At the bank: <b>{bank}</b>", bank=money["bank"]),
        t("📒 Owed to workers and requesters: {owed}", owed=money["owed"]),
        t("📒 Fees: {fees}", fees=money["fees"]),
        *bank_statements.unexplained((Unexplained(book.currency, book.unexplained),) if book.unexplained else (), t),
        t("✅ The ledger sums to {sum}", sum=money["sum"])
        if amounts["sum"] == 0
        else t("❌ The ledger sums to {sum}: run <code>pouce verify</code>", sum=money["sum"]),
    ]


def _rest(book: Holdings) -> int:
    """The sum of the ledger, which must be 0."""
    return book.owed + book.fees + book.unexplained - book.held


@shows(RoleSet)
def role_set(m: RoleSet, t: Translator) -> Screen:
    if m.on:
        return Screen(t("✅ {who} may open projects.", who=m.who))
    return Screen(t("{who} may not open projects any more. Those that are running go on.", who=m.who))


@shows(RoleGranted)
def granted(m: RoleGranted, t: Translator) -> Screen:
    begin = Button(t.plain("➕ New project"), wizard.StartProject().pack())
    return Screen(t("✅ You may open projects now. /newproject starts one, /help shows how."), ((begin,),))


@shows(RoleWithdrawn)
def withdrawn(m: RoleWithdrawn, t: Translator) -> Screen:
    return Screen(
        t(
            "You cannot open new projects any more. Those that are running go on. Your free money stays yours: "
            "whoever runs this bot sends it back."
        )
    )


ROUTES = (
    Route(
        SetRole,
        ADMIN,
        accounts.set_role,
        command="role",
        usage="PERSON requester on/off",
        means="who may open projects",
    ),
    Route(ShowDashboard, ADMIN, dashboard.show, command="admin", means="how the bot is doing", beside=dashboard.look),
)
