"""The first minute, the menus, the help."""

from decimal import Decimal

from handlers.payloads.money import ShowBalance
from handlers.payloads.people import Agree, Begin, Pause, ShowTerms, Speak
from handlers.payloads.work import AskForWork
from handlers.screens.screen import Button, Facts, FileOrder, Screen, lines, screen
from locales import LANGUAGES, Html, Translator


@screen("onboarding.welcome")
def welcome(facts: Facts, t: Translator) -> Screen:
    other = next(language for language in LANGUAGES if language != facts["language"])
    return Screen(
        lines(
            t("👍 <b>Hello {name}, this is Pouce.</b>", name=facts["name"]),
            " ",
            t("You get small tasks here. You answer by pressing a button, and each answer is paid."),
            " ",
            t("• The money for every task is set aside <b>before</b> you see the task."),
            t("• Before you start, you see the pay, and about how much that is per hour."),
            t("• Nobody can keep you waiting: after 72 hours without a decision, you are paid."),
            t("• You never pay anything. We never ask for a password, a card or a code."),
            " ",
            t("By pressing “I agree”, you accept the /terms. What we keep about you: /privacy"),
        ),
        (
            (Button(t.plain("✅ I agree"), Agree().pack(), style="success"),),
            (
                Button(t.plain("📄 The terms"), ShowTerms().pack()),
                Button(f"🌐 {LANGUAGES[other]}", Speak(language=other).pack()),
            ),
        ),
    )


@screen("onboarding.ready")
def ready(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎉 <b>You are in.</b>"),
            " ",
            t(
                "To some questions we know the answer: they check the work. If you miss one, we explain it, and you are paid all the same."
            ),
            t(
                "Not sure? Press “Can't tell”: it is an answer too, and it is paid. You may also skip: no pay, but nothing is held against you."
            ),
            " ",
            t("/balance shows every cent · /settings says when we write · /pause stops it · /help shows the rest"),
        ),
        (
            (Button(t.plain("▶️ My first task"), Begin().pack(), style="success"),),
            (Button(t.plain("⏸ Not now"), Pause().pack()),),
        ),
    )


@screen("onboarding.back")
def back(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t("👍 Good to see you again, {name}.", name=facts["name"]),
        (
            (Button(t.plain("▶️ A task, please"), AskForWork().pack(), style="success"),),
            (Button(t.plain("💰 My balance"), ShowBalance().pack()),),
        ),
    )


@screen("onboarding.language")
def language(facts: Facts, t: Translator) -> Screen:
    rows = tuple((Button(name, Speak(language=code).pack()),) for code, name in LANGUAGES.items())
    return Screen(t("🌐 Which language shall we speak?"), rows)


@screen("onboarding.spoken")
def spoken(facts: Facts, t: Translator) -> Screen:
    return Screen(t("🌐 We speak English from now on."))


@screen("onboarding.lost")
def lost(facts: Facts, t: Translator) -> Screen:
    go = Button(t.plain("▶️ A task, please"), AskForWork().pack())
    return Screen(
        t("I did not understand that. /help shows what I can do."), ((go,),) if "worker" in facts["roles"] else ()
    )


@screen("onboarding.help")
def help_(facts: Facts, t: Translator) -> Screen:
    parts: list[str] = [t("👍 <b>What you can do here</b>")]
    for role, title in (
        ("worker", t("<b>Your work</b>")),
        ("requester", t("<b>Your projects</b>")),
        ("admin", t("<b>Run the bot</b>")),
        ("", t("<b>At any time</b>")),
    ):
        if role and role not in facts["roles"]:
            continue
        parts += [" ", title, *(t("{command} {means}", command=_usage(c, u), means=m) for c, u, m in commands(role, t))]
    if "requester" in facts["roles"]:
        parts += [" ", project_example(t)]
    return Screen(lines(*parts))


def project_example(t: Translator) -> Html:
    """A caption that can be copied and changed."""
    example = t.plain(
        "/newproject\ntitle: Is the review positive?\ninstructions: Read the review. Is the writer pleased?\n"
        "options: positive, negative\npay: 0.05\noverlap: 3"
    )
    return t(
        "<b>A project in one message:</b> send your file (.csv, .tsv, .jsonl, .xlsx) with this caption:\n<pre>{example}</pre>",
        example=example,
    )


def _usage(command: str, arguments: str) -> Html:
    return Html(f"/{command} {arguments}".strip())


def commands(role: str, t: Translator) -> list[tuple[str, str, str]]:
    """(command, arguments, what it does) for one role; "" is everybody."""
    known = {
        "worker": [
            ("work", "", t.plain("one task now")),
            ("balance", "", t.plain("what you earned, and what is pending")),
            ("statement", t.plain("[YYYY-MM]"), t.plain("a month as a document for your bank or an office")),
            ("payout", t.plain("[AMOUNT]"), t.plain("send your money to your bank")),
            ("why", t.plain("ID"), t.plain("any movement of money, or your skill, explained")),
            ("appeal", "", t.plain("contest a rejection, a known answer or a restriction")),
            ("settings", "", t.plain("days, hours, how often, daily goal, which tasks")),
            ("pause", "", t.plain("no messages until /work")),
        ],
        "requester": [
            ("newproject", "", t.plain("start a project")),
            ("projects", "", t.plain("your projects")),
            ("project", "N", t.plain("progress, live")),
            ("preview", "N", t.plain("what it costs and what workers will see")),
            ("launch", "N", t.plain("set the budget aside and start")),
            ("raise", "N", t.plain("raise the pay of a running project")),
            ("add", "N", t.plain("more tasks for a project")),
            ("gold", "N", t.plain("answer some tasks yourself: they check the work")),
            ("results", t.plain("N [format]"), t.plain("one row per task")),
            ("submissions", t.plain("N [format]"), t.plain("one row per answer")),
            ("review", "N", t.plain("accept or reject answers, one after another")),
            ("bonus", t.plain("WORKER AMOUNT reason"), t.plain("thank somebody who worked for you")),
            ("stop", "N", t.plain("end it; what is not needed comes back to you")),
            ("funds", "", t.plain("your money: free, and held for projects")),
        ],
        "admin": [
            ("admin", "", t.plain("how the bot is doing")),
            ("balance", t.plain("PERSON"), t.plain("somebody's balances")),
            ("deposit", t.plain("PERSON AMOUNT [reference]"), t.plain("record money that reached the bank")),
            ("refund", t.plain("PERSON AMOUNT [reference]"), t.plain("record unused money that was sent back")),
            ("role", t.plain("PERSON requester on/off"), t.plain("who may open projects")),
            ("audit", t.plain("PERSON"), t.plain("what speaks against somebody, and why")),
            ("payouts", "", t.plain("bank files, and what the bank paid")),
            ("withhold", t.plain("PERSON PERCENT reason"), t.plain("what is kept of somebody's payouts")),
            ("withheld", t.plain("AMOUNT reference"), t.plain("record what was paid to the authority")),
            ("ledger", t.plain("[ACCOUNT]"), t.plain("every account and its movements")),
            ("verify", "", t.plain("is everything in order?")),
        ],
        "": [
            ("help", "", t.plain("this list")),
            ("language", "", t.plain("English or French")),
            ("terms", "", t.plain("what we owe each other")),
            ("privacy", "", t.plain("what is kept about you, and why")),
            ("stats", "", t.plain("what is held, who is here, what people earn")),
            ("mydata", "", t.plain("a file with all that is kept about you")),
            ("forget", "", t.plain("erase what is kept about you")),
        ],
    }
    return known[role]


@screen("onboarding.menu")
def menu(facts: Facts, t: Translator) -> Screen:
    """Telegram's command menu for the roles this person has."""
    seen: dict[str, str] = {}
    for role in ("worker", "requester", "admin", ""):
        if not role or role in facts["roles"]:
            for command, _, means in commands(role, t):
                seen.setdefault(command, means)
    if "worker" not in facts["roles"]:
        seen = {"start": t.plain("begin"), **seen}
    return Screen("", menu=tuple(seen.items()))


@screen("onboarding.privacy")
def privacy(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🔒 <b>Privacy</b>"),
            " ",
            t(
                "<b>What is kept:</b> your Telegram id, names and language; your /settings; the tasks you were given, your answers and their times; every movement of your money; your bank account, if you gave one; for about 30 days, our messages to you."
            ),
            t("<b>Why:</b> to give you tasks, to check answers, to pay you. For nothing else."),
            t(
                "<b>Who sees it:</b> a requester sees your answers under a made-up name, a different one for each requester; never your Telegram name or id. Whoever runs this bot can see all that is kept."
            ),
            t(
                "<b>You decide:</b> a project gets nothing from you unless you answer there. Before your first answer, you see what the answers are for, or that the requester has not said it."
            ),
            t("<b>Your right:</b> /mydata sends you all of it as a file, /forget erases it."),
            t("Whatever else you type here is erased as soon as it has been handled."),
        )
    )


@screen("onboarding.terms")
def terms(facts: Facts, t: Translator) -> Screen:
    floor = t.money(facts["floor"], facts["currency"])
    agreed = facts["agreed"]
    keyboard = () if agreed else ((Button(t.plain("✅ I agree"), Agree().pack(), style="success"),),)
    return Screen(
        lines(
            t("📄 <b>What we owe each other</b>"),
            " ",
            t("1. The money for every answer is set aside before a task is shown to anybody."),
            t(
                "2. Every answer that arrives while its task still needs one is paid: “can't tell” and known questions too."
            ),
            t(
                "3. Pending pay becomes yours when you have answered enough known questions right, when a human says so, or after 72 hours if nobody has decided."
            ),
            t(
                "4. Requesters pay a fee of {fee}% on top of your pay. Nothing is taken from your pay, but what the law may make us keep for social contributions: you are told first.",
                fee=t.number(Decimal(facts["fee"])),
            ),
            t("5. You answer yourself, honestly, with a single account. Nobody is ever suspended by a machine alone."),
            t("6. You may stop at any time. You owe nothing."),
            t("7. No project may start if its expected pay is under {floor} an hour.", floor=floor)
            if facts["floor"]
            else None,
            " ",
            t("You agreed on {day}.", day=t.day(agreed)) if agreed else None,
        ),
        keyboard,
    )


@screen("onboarding.mydata")
def mydata(facts: Facts, t: Translator) -> Screen:
    order = FileOrder("mydata", {"person": facts["person"], "telegram_id": facts["telegram_id"]})
    return Screen(t("🔒 Here is all that is kept about you."), file=order)


@screen("oops")
def oops(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t("😔 Sorry, something went wrong on our side. We have noted it. Nothing you earned is lost. Please try again.")
    )
