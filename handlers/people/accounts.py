"""Screens of the dashboard for admins and of the requester's role."""

from __future__ import annotations

from domain.fairness.cases import CaseKind, WaitingCase
from domain.moments import HOUR, MINUTE, Moment
from domain.money.bank_statements import Unexplained
from domain.money.funds import Holdings
from domain.people.accounts import ADMIN, RoleGranted, RoleSet, RoleWithdrawn
from domain.people.dashboard import ActingRole, BotState, Dashboard, LastVerification, RefusedTasks
from domain.people.settings import get_zone
from handlers.fairness import appeals, board, complaints, first_look, petitions, questions, reports, review, stops
from handlers.money import bank_statements, card_payments
from handlers.payload import Payload, Words
from handlers.people import onboarding, role_requests, web_sessions
from handlers.projects import wizard
from handlers.quality import restrictions
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, fit_rows, lines, paint_notes, shows
from locales.translator import Html, Translator
from reports.overview import Day, PictureNote, SumBar, Tile, overview_picture
from services.people import accounts, dashboard


class ShowDashboard(Payload):
    pass


class SetRole(Payload):
    """The service checks all fields: a mistake shows the whole usage line."""

    who: str = ""
    role: str = ""
    state: Words = ""


LATE_UPDATE_MS, SLOW_MESSAGE_MS = MINUTE, 5 * MINUTE  # an update, a message that waits so long is looked at
MANY_REFUSALS_PER_DAY = 5  # refusals a day that are looked at
CENT_MILLIONTHS = 10_000  # millionths
NOTE_CHARS, BUTTON_CHARS = 58, 32  # characters of a line on the picture, of a button


def _bot_line(bot: BotState, t: Translator) -> Html:
    """Line of one of several bots, for admins."""
    if bot.is_refused:
        return t("⚠️ Telegram refuses the token of @{bot}.", bot=bot.username)
    return t("🤖 @{bot}: {letters} to be sent", bot=bot.username, letters=t.number(bot.letters))


@shows(Dashboard)
def dashboard_screen(m: Dashboard, t: Translator) -> Screen:
    """Dashboard for admins: activity on the picture, owners of the money in the caption, alarms in both, a button for
    each queue."""
    running = [t("▶️ #{number} {title}", number=p.number, title=clipped(p.title, 60)) for p in m.running]
    books = [line for book in m.books for line in _book_lines(book, t)]
    caption = lines(
        _cases_line(m, t),
        t("🏠 <b>The bot today</b>"),
        " ",
        t(
            "👥 {workers}, {waiting} waiting for tasks now",
            workers=t.n("{count} worker", "{count} workers", m.workers),
            waiting=t.number(m.waiting),
        ),
        t.n(
            "🔎 {count} worker is worth a look: /audit",
            "🔎 {count} workers are worth a look: /audit",
            m.suspected,
        )
        if m.suspected
        else None,
        t(
            "⚠️ The wage floor is that of {day}. Look up today’s and set WAGE_FLOOR_PER_HOUR.",
            day=m.floor_since.isoformat(),
        )
        if m.floor_since
        else None,
        *fit_rows([_refused_tasks_line(refused, t) for refused in m.refused_tasks], t, room=240),
        *paint_notes(m.notes, t)[0],
        *fit_rows(running, t, room=330),
        None if running else t("No project is running."),
        t(
            "Waiting: 📥 {inbox} received · 📤 {outbox} to be sent",
            inbox=t.number(m.inbox),
            outbox=t.number(m.outbox),
        ),
        *fit_rows([_bot_line(bot, t) for bot in m.bots], t, room=160),
        " ",
        *fit_rows(books, t, room=480),
    )
    return Screen(caption, _queue_buttons(m, t), photo=lambda: dashboard_picture(m, t))


def _refused_tasks_line(refused: RefusedTasks, t: Translator) -> Html:
    """Line about a project with tasks that Telegram refused to show."""
    facts = {"number": refused.number, "title": clipped(refused.title, 30)}
    tasks = t.n("{count} task", "{count} tasks", refused.tasks)
    if refused.rests:
        return t("⚠️ {title}: Telegram refuses {tasks}, it is paused: /project_{number}", tasks=tasks, **facts)
    return t("⚠️ {title}: Telegram refuses {tasks}: /project_{number}", tasks=tasks, **facts)


def _cases_line(m: Dashboard, t: Translator) -> Html | None:
    """Line that counts cases waiting for this admin's decision, to which the buttons lead; None if there is none."""
    return (
        t.n("👇 {count} case waits for your decision", "👇 {count} cases wait for your decision", m.waiting_cases)
        if m.waiting_cases
        else None
    )


def _queue_buttons(m: Dashboard, t: Translator) -> Keyboard:
    """One button a case, the most urgent first, with the time left."""
    return (
        *((case_button(case, m.at, t),) for case in m.cases),
        (web_sessions.look_button("admin", t),),
    )


def case_button(case: WaitingCase, now: Moment, t: Translator) -> Button:
    """Button that opens a case: its kind and subject, and how long until the deadline."""
    words, data = describe_case(case, t)
    time_left = " · " + (t.duration(case.due - now) if case.due > now else t.plain("overdue"))
    return Button(clipped(words, BUTTON_CHARS - len(time_left)) + time_left, data.pack())


def describe_case(case: WaitingCase, t: Translator) -> tuple[str, Payload]:
    """Return the kind and subject of a case in words, and the button's payload that opens it."""
    number, title = case.number, case.title
    words_and_payloads: dict[CaseKind, tuple[str, Payload]] = {
        CaseKind.LOOK: (f"👀 {number} · {title}", first_look.ShowLook(project=number)),
        CaseKind.REPORTS: (
            t.plain("🚩 Reported: {number} · {title}", number=number, title=title),
            reports.ShowReported(project=number),
        ),
        CaseKind.REJECTIONS: (
            t.plain("🙅 Rejections: {number} · {title}", number=number, title=title),
            review.ShowPause(project=number),
        ),
        CaseKind.QUESTION: (
            t.plain("❓ Abuse? {number} · {title}", number=number, title=title),
            questions.ShowReportedQuestion(question=number),
        ),
        CaseKind.APPEAL: (t.plain("⚖️ Appeal {number}", number=number), stops.ShowStop(stop=number)),
        CaseKind.RULING: (
            t.plain("⚖️ Rejected answer {number}", number=number),
            appeals.ShowRuling(appeal=number),
        ),
        CaseKind.POST: (t.plain("🚩 Reported post #{number}", number=number), board.ShowReportedPost(post=number)),
        CaseKind.CONTEST: (t.plain("🪦 Contested post #{number}", number=number), board.ShowContest(post=number)),
        CaseKind.PETITION: (t.plain("📣 Petition #{number}", number=number), petitions.ShowPetition(post=number)),
        CaseKind.RESTRICTION: (
            str(t.n("⏸ {count} restriction to confirm", "⏸ {count} restrictions to confirm", case.count)),
            restrictions.ShowRestrictions(),
        ),
        CaseKind.ROLE: (
            str(t.n("💼 {count} wants to give work", "💼 {count} want to give work", case.count)),
            role_requests.ShowRoleRequests(),
        ),
        CaseKind.COMPLAINT: (
            str(t.n("✍️ {count} complaint to answer", "✍️ {count} complaints to answer", case.count)),
            complaints.ShowComplaints(),
        ),
        CaseKind.CARD: (
            t.plain("💳 Card payment {number}", number=number),
            card_payments.ShowStrayPayment(stray=number),
        ),
        CaseKind.PAYOUTS: (
            str(t.n("🏦 {count} payout to the bank", "🏦 {count} payouts to the bank", number)),
            bank_statements.ListPayouts(),
        ),
    }
    return words_and_payloads[case.kind]


def dashboard_picture(m: Dashboard, t: Translator) -> bytes:
    """Draw activity, queues, answers by the hour and money moved in 24 hours. Return the PNG."""
    hour = HOUR * (m.at // HOUR)
    day = Day(
        t.plain("Answers by the hour"),
        list(m.hours),
        t.clock(hour - HOUR * (len(m.hours) - 1), m.zone),
        t.clock(hour, m.zone),
        t.number(max(m.hours)) if any(m.hours) else t.plain("none so far"),
    )
    words = {"deposited": t.plain("Deposited"), "earned": t.plain("Earned"), "paid": t.plain("Paid out")}
    sums_moved = {what: getattr(m.moved, what) for what in words}
    sums_moved = {what: sum_ - sum_ % CENT_MILLIONTHS for what, sum_ in sums_moved.items()}
    sums = [SumBar(words[what], sum_, t.money(sum_, m.currency)) for what, sum_ in sums_moved.items()]
    when = t.moment(m.at, get_zone(m.zone))
    title = t.plain("The bot, {when}, {city}", when=when, city=t.city(m.zone))
    return overview_picture(
        title, activity_tiles(m, t), day=day, money=t.plain("Money in 24 hours"), sums=sums, notes=picture_notes(m, t)
    )


def activity_tiles(m: Dashboard, t: Translator) -> list[Tile]:
    """Tiles of activity, then of queues and Telegram's refusals."""
    late, slow = m.inbox_lag > LATE_UPDATE_MS, m.outbox_lag > SLOW_MESSAGE_MS
    return [
        Tile(t.plain("Answers"), t.number(sum(m.hours)), t.plain("in 24 hours")),
        Tile(
            t.plain("Workers"),
            t.number(m.workers),
            t.plain("{count} wait now", count=t.number(m.waiting)),
        ),
        Tile(t.plain("Messages"), t.number(round(m.sent / 60, 1)), t.plain("a second, of 30")),
        Tile(t.plain("To be handled"), t.number(m.inbox), _oldest_words(m.inbox_lag, t), late),
        Tile(t.plain("To be sent"), t.number(m.outbox), _oldest_words(m.outbox_lag, t), slow),
        Tile(
            t.plain("Refusals"), t.number(m.refused), t.plain("by Telegram, 24 h"), m.refused >= MANY_REFUSALS_PER_DAY
        ),
    ]


def _oldest_words(lag: int, t: Translator) -> str:
    return t.plain("for {time}", time=t.duration(lag)) if lag >= 1_000 else t.plain("nobody waits")


def picture_notes(m: Dashboard, t: Translator) -> list[PictureNote]:
    """Lines on the picture: whether the ledger's rules held, whether it sums to 0, and the active processes."""
    uneven = [book.currency for book in m.books if _ledger_sum(book)]
    acting = _host_roles(m.acting, t)
    many = t.n("{count} process", "{count} processes", m.processes) if m.processes else ""
    return [
        _verification_note(m.verified, m.zone, t),
        PictureNote(
            "! " + t.plain("The ledger does not sum to 0: {currencies}", currencies=", ".join(uneven)), alarm=True
        )
        if uneven
        else PictureNote("✓ " + t.plain("The ledger sums to 0")),
        PictureNote(
            clipped(" · ".join([*acting, *([str(many)] if many else [])]) or t.plain("No process acts"), NOTE_CHARS),
            alarm=not acting or any(role.silent for role in m.acting),
        ),
    ]


def _verification_note(verified: LastVerification | None, zone: str, t: Translator) -> PictureNote:
    if verified is None:
        return PictureNote("! " + t.plain("The ledger was never checked: /verify"), alarm=True)
    when = t.moment(verified.at, get_zone(zone))
    if verified.broken:
        broken = t.n("{count} rule was broken", "{count} rules were broken", verified.broken)
        return PictureNote(f"! {broken}, {when}", alarm=True)
    return PictureNote("✓ " + t.plain("Every rule of the ledger held, {when}", when=when))


def _host_roles(roles: tuple[ActingRole, ...], t: Translator) -> list[str]:
    """Line for each host with the roles of its processes; roles that have gone silent are marked."""
    words = {"relay": t.plain("sends"), "scheduler": t.plain("sweeps"), "receiver": t.plain("receives")}
    does: dict[str, list[str]] = {}
    for role in roles:
        name, _, bot = role.role.partition(":")
        role_words = words.get(name, t.plain("acts")) + (f" ({bot})" if bot else "")
        does.setdefault(role.host, []).append(
            t.plain("{what} (silent)", what=role_words) if role.silent else role_words
        )
    return [f"{clipped(host, 16)} {', '.join(what)}" for host, what in does.items()]


def _book_lines(book: Holdings, t: Translator) -> list[Html]:
    """Lines for one currency: money at the bank, its owners, and whether both are equal."""
    amounts = {"bank": book.held, "owed": book.owed_to_others, "fees": book.fees, "sum": _ledger_sum(book)}
    money = {name: t.money(amount, book.currency) for name, amount in amounts.items()}
    return [
        t("🏦 At the bank: <b>{bank}</b>", bank=money["bank"]),
        *((t("💳 At the provider of cards: {cards}", cards=t.money(book.cards, book.currency)),) if book.cards else ()),
        t("📒 Owed to workers and requesters: {owed}", owed=money["owed"]),
        t("📒 Fees: {fees}", fees=money["fees"]),
        *bank_statements.unexplained_lines(
            (Unexplained(book.currency, book.unexplained),) if book.unexplained else (), t
        ),
        t("✅ The ledger sums to {sum}", sum=money["sum"])
        if amounts["sum"] == 0
        else t("❌ The ledger sums to {sum}: run <code>pouce verify</code>", sum=money["sum"]),
    ]


def _ledger_sum(book: Holdings) -> int:
    """Return the sum of the ledger, which must be 0."""
    return book.owed_to_others + book.fees + book.unexplained - book.there


@shows(RoleSet)
def role_screen(m: RoleSet, t: Translator) -> Screen:
    if m.until:
        return Screen(
            t("✅ {who} may open projects once they write to me, until {day}.", who=m.who, day=t.date(m.until))
        )
    if m.on:
        return Screen(t("✅ {who} may open projects.", who=m.who))
    return Screen(t("{who} may not open projects any more. Those that are running go on.", who=m.who))


@shows(RoleGranted)
def granted_screen(m: RoleGranted, t: Translator) -> Screen:
    """The first screen of a requester."""
    return Screen(
        lines(
            t("✅ <b>You may open projects now.</b> /newproject starts one, /help shows how."),
            t("• You pay in first (/fund). What a project may cost is set aside at its launch; the rest comes back."),
            t(
                "• An answer that follows your instructions is paid. To reject one you cite a line, and a jury may look."
            ),
            t("By opening a project you accept the /terms. You want to do tasks, too? Agree to them there."),
        ),
        (
            (Button(t.plain("➕ New project"), wizard.StartProject().pack(), style="success"),),
            (
                Button(t.plain("📄 The terms"), onboarding.ShowTerms().pack()),
                onboarding.language_button(t.language, t),
            ),
        ),
    )


@shows(RoleWithdrawn)
def withdrawn_screen(m: RoleWithdrawn, t: Translator) -> Screen:
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
        usage="PERSON requester on/off, invite [N]",
        means="who may open projects; a link for N of them",
    ),
    Route(
        ShowDashboard,
        ADMIN,
        dashboard.show_dashboard,
        command="admin",
        means="how the bot is doing",
        beside=dashboard.read_dashboard,
    ),
)
