"""What whoever runs the bot is shown."""

from typing import Any

from domain.moments import HOUR, MINUTE
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.screen import Facts, Screen, lines, screen
from locales import Html, Translator
from reports.overview import Day, Note, Sum, Tile, overview_picture

LATE, SLOW = MINUTE, 5 * MINUTE  # an update, a message that waits so long is looked at
OFTEN = 5  # refusals a day that are looked at
CENT = 10_000  # millionths
NOTED = 58  # characters of a line on the picture


@screen("admin.overview")
def overview(facts: Facts, t: Translator) -> Screen:
    """The picture says how it goes, its words whose money it is; each is enough by itself for what must be seen."""
    running = [t("▶️ #{number} {title}", number=p["number"], title=clipped(p["title"], 60)) for p in facts["running"]]
    books = [line for book in facts["books"] for line in _book(book, t)]
    caption = lines(
        t("🏠 <b>The bot today</b>"),
        " ",
        t(
            "👥 {workers}, {waiting} waiting for tasks now",
            workers=t.n("{count} worker", "{count} workers", facts["workers"]),
            waiting=t.number(facts["waiting"]),
        ),
        t.n(
            "🔎 {count} worker is worth a look: /audit",
            "🔎 {count} workers are worth a look: /audit",
            facts["suspected"],
        )
        if facts["suspected"]
        else None,
        *fitted(running, t, room=330),
        None if running else t("No project is running."),
        t(
            "Waiting: 📥 {inbox} received · 📤 {outbox} to be sent",
            inbox=t.number(facts["inbox"]),
            outbox=t.number(facts["outbox"]),
        ),
        " ",
        *fitted(books, t, room=480),
    )
    return Screen(caption, photo=lambda: picture(facts, t))


def picture(facts: Facts, t: Translator) -> bytes:
    hour = HOUR * (facts["at"] // HOUR)
    day = Day(
        t.plain("Answers by the hour"),
        facts["hours"],
        t.clock(hour - HOUR * (len(facts["hours"]) - 1), "UTC"),
        t.plain("{time} UTC", time=t.clock(hour, "UTC")),
        t.number(max(facts["hours"])) if any(facts["hours"]) else t.plain("none so far"),
    )
    words = {"deposited": t.plain("Deposited"), "earned": t.plain("Earned"), "paid": t.plain("Paid out")}
    moved = {what: sum_ - sum_ % CENT for what, sum_ in facts["moved"].items()}
    sums = [Sum(words[what], sum_, t.money(sum_, facts["currency"])) for what, sum_ in moved.items()]
    title = t.plain("The bot, {when} UTC", when=t.moment(facts["at"]))
    return overview_picture(title, tiles(facts, t), day, t.plain("Money in 24 hours"), sums, notes(facts, t))


def tiles(facts: Facts, t: Translator) -> list[Tile]:
    """What people do, then what waits and what Telegram says."""
    late, slow = facts["inbox_lag"] > LATE, facts["outbox_lag"] > SLOW
    return [
        Tile(t.plain("Answers"), t.number(sum(facts["hours"])), t.plain("in 24 hours")),
        Tile(
            t.plain("Workers"),
            t.number(facts["workers"]),
            t.plain("{count} wait now", count=t.number(facts["waiting"])),
        ),
        Tile(t.plain("Messages"), t.number(round(facts["sent"] / 60, 1)), t.plain("a second, of 30")),
        Tile(t.plain("To be handled"), t.number(facts["inbox"]), _oldest(facts["inbox_lag"], t), late),
        Tile(t.plain("To be sent"), t.number(facts["outbox"]), _oldest(facts["outbox_lag"], t), slow),
        Tile(t.plain("Refusals"), t.number(facts["refused"]), t.plain("by Telegram, 24 h"), facts["refused"] >= OFTEN),
    ]


def _oldest(lag: int, t: Translator) -> str:
    return t.plain("for {time}", time=t.duration(lag)) if lag >= 1_000 else t.plain("nobody waits")


def notes(facts: Facts, t: Translator) -> list[Note]:
    """The rules of the book, its sums, who acts."""
    uneven = [book["currency"] for book in facts["books"] if _rest(book)]
    acting = _acting(facts["acting"], t)
    many = t.n("{count} process", "{count} processes", facts["processes"]) if facts["processes"] else ""
    return [
        _verified(facts["verified"], t),
        Note("! " + t.plain("The ledger does not sum to 0: {currencies}", currencies=", ".join(uneven)), alarm=True)
        if uneven
        else Note("✓ " + t.plain("The ledger sums to 0")),
        Note(
            clipped(" · ".join([*acting, *([str(many)] if many else [])]) or t.plain("Nobody acts"), NOTED),
            alarm=not acting or any(found["silent"] for found in facts["acting"]),
        ),
    ]


def _verified(verified: dict[str, Any] | None, t: Translator) -> Note:
    if verified is None:
        return Note("! " + t.plain("The book was never looked through: /verify"), alarm=True)
    when = t.moment(verified["at"])
    if verified["broken"]:
        broken = t.n("{count} rule was broken", "{count} rules were broken", verified["broken"])
        return Note(f"! {broken}, {when}", alarm=True)
    return Note("✓ " + t.plain("Every rule of the book held, {when}", when=when))


def _acting(found: list[dict[str, Any]], t: Translator) -> list[str]:
    """Machine by machine what it does."""
    words = {"relay": t.plain("sends"), "scheduler": t.plain("sweeps"), "receiver": t.plain("receives")}
    does: dict[str, list[str]] = {}
    for each in found:
        told = words.get(each["role"], t.plain("acts"))
        does.setdefault(each["host"], []).append(t.plain("{what} (silent)", what=told) if each["silent"] else told)
    return [f"{clipped(host, 16)} {', '.join(what)}" for host, what in does.items()]


def _book(book: dict[str, Any], t: Translator) -> list[Html]:
    """One currency: what is there, whose it is, and that both are the same."""
    amounts = {"bank": book["held"], "owed": _owed(book), "fees": book["fees"], "sum": _rest(book)}
    money = {name: t.money(amount, book["currency"]) for name, amount in amounts.items()}
    return [
        t("🏦 At the bank: <b>{bank}</b>", bank=money["bank"]),
        t("📒 Owed to workers and requesters: {owed}", owed=money["owed"]),
        t("📒 Fees: {fees}", fees=money["fees"]),
        t("✅ The ledger sums to {sum}", sum=money["sum"])
        if amounts["sum"] == 0
        else t("❌ The ledger sums to {sum}: run <code>pouce verify</code>", sum=money["sum"]),
    ]


def _owed(book: dict[str, Any]) -> int:
    return sum(book[whose] for whose in ("workers", "requesters", "projects", "withheld"))


def _rest(book: dict[str, Any]) -> int:
    """What the book sums to: anything but 0 is wrong."""
    return _owed(book) + int(book["fees"]) - int(book["held"])
