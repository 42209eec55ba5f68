"""A requester's projects: what they cost, how they go, what they came to."""

from typing import Any

from formats.english import WARNINGS
from handlers.payloads.fairness import ShowReview
from handlers.payloads.projects import GetFile, Launch, OfferRaise, ShowProject, StopProject
from handlers.payloads.quality import ShowQuality
from handlers.payloads.work import Delete
from handlers.screens.answers import screen_of
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.layout.task_buttons import answering
from handlers.screens.screen import Button, Facts, FileOrder, Screen, lines, screen
from handlers.screens.work.tasks import instructions, quoted
from locales import Html, Translator

SAMPLE = 600  # characters of a task, and of its options, on the pre-flight card
ROOM = 1500  # characters for the instructions


@screen("projects.preflight")
def preflight(facts: Facts, t: Translator) -> Screen:
    number = facts["number"]
    ready = facts["tasks"] > 0
    press = Button(t.plain("🚀 Launch"), Launch(project=number).pack(), style="success")
    return Screen(
        lines(
            t("You have sent this file before:") if facts["again"] else None,
            t("📋 <b>Project {number}: {title}</b>", number=number, title=facts["title"]),
            " ",
            counted(facts, t),
            price(facts, t) if ready else None,
            reserve(facts, t) if facts["reserve"] else None,
            once_more(facts, t) if ready else None,
            hourly(facts, t) if ready else None,
            how_sure(facts, t),
            *(warning(found, t) for found in facts["warnings"]),
            " ",
            t("<b>What a worker sees:</b>"),
            instructions(facts["instructions"], ROOM, t, expanded=False),
            quoted(clipped(facts["sample"]["text"] or facts["sample"]["picture"] or "", SAMPLE))
            if facts["sample"]
            else None,
            screen_of(facts["kind"]).ask(answering(0, facts["options"], ()), t),
            t("[ {options} ]", options=clipped(" ] [ ".join(facts["options"]), SAMPLE)) if facts["options"] else None,
            " ",
            next_step(facts, t),
        ),
        ((press,),) if ready and passes(facts) else (),
    )


def warning(found: dict[str, Any], t: Translator) -> Html:
    """What was guessed or left out when the file was read."""
    named = {name: ", ".join(fact) if isinstance(fact, list) else fact for name, fact in found["facts"].items()}
    text = WARNINGS[found["key"]]
    return t("👀 While reading: {warning}", warning=t.plain(text, **named))


def counted(facts: Facts, t: Translator) -> Html:
    if not facts["tasks"]:
        return t("No new task is waiting to be launched.")
    tasks = t.n("{count} task", "{count} tasks", facts["tasks"])
    answers = t.n("{count} answer", "{count} answers", facts["overlap"])
    gold = t.n("{count} gold (known answer)", "{count} gold (known answers)", facts["gold"])
    return t("🗂 {tasks} · {gold} · {answers} each", tasks=tasks, gold=gold, answers=answers)


def price(facts: Facts, t: Translator) -> Html:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("total", "pay", "reward", "fee")}
    return t(
        "💶 <b>{total}</b> at most: {answers} × {pay} = {reward}, plus our fee {fee}{more}. What is not needed comes back to you.",
        answers=t.n("{count} answer", "{count} answers", facts["submissions"]),
        more=t(", plus {reserve}", reserve=t.money(facts["reserve"], facts["currency"])) if facts["reserve"] else "",
        **money,
    )


def reserve(facts: Facts, t: Translator) -> Html:
    return t(
        "🛟 {reserve} of it only in case tasks take longer than expected: it lifts the pay to the minimum. No fee on it.",
        reserve=t.money(facts["reserve"], facts["currency"]),
    )


def once_more(facts: Facts, t: Translator) -> Html:
    return t(
        "🤷 Where everybody says “can't tell”, one worker more is asked: {pay} and our fee on top, if you have it free.",
        pay=t.money(facts["pay"], facts["currency"]),
    )


def hourly(facts: Facts, t: Translator) -> Html:
    """Expected pay an hour against the floor."""
    if facts.get("untold") and facts["floor"]:
        return untold(facts["untold"], t)
    currency = facts["currency"]
    hour, seconds = t.money(facts["hourly"], currency), t.number(round(facts["seconds"], 1))
    if facts["floor"] == 0:
        return t("⏱ About {seconds} s an answer: {hour} an hour", seconds=seconds, hour=hour)
    floor = t.money(facts["floor"], currency)
    if facts["hourly"] >= facts["floor"]:
        return t(
            "⏱ About {seconds} s an answer: {hour} an hour (minimum {floor} ✓)", seconds=seconds, hour=hour, floor=floor
        )
    needed = t.money(facts["needed_pay"], currency)
    return t(
        "⚠️ About {seconds} s an answer: {hour} an hour, below the minimum of {floor}. <b>{needed}</b> an answer would pass.",
        seconds=seconds,
        hour=hour,
        floor=floor,
        needed=needed,
    )


def passes(facts: Facts) -> bool:
    """Whether the floor lets it start."""
    return facts["floor"] == 0 or (not facts.get("untold") and facts["hourly"] >= facts["floor"])


def untold(why: str, t: Translator) -> Html:
    """Only the requester knows how long an answer takes."""
    reasons = {
        "errand": t("This is done away from the screen: only you know how long it takes, with the way there."),
        "sound": t("Workers listen first: only you know for how long."),
        "link": t("The tasks hold links: only you know how long it takes to look at what is behind them."),
    }
    say = t(
        "Edit the caption of your file and add a line with the time of one answer, for example <code>seconds: 90</code>. If it takes longer, workers are paid more."
    )
    return lines(t("⏱ <b>How long does one answer take?</b>"), reasons[why], say)


def how_sure(facts: Facts, t: Translator) -> Html | None:
    if facts["confidence"] is None:
        return None
    return t(
        "🎯 Each task closes once its consensus has {confidence} confidence, after {most} answers at the latest.",
        confidence=t.percent(facts["confidence"]),
        most=facts["max_overlap"],
    )


def next_step(facts: Facts, t: Translator) -> Html | None:
    """What is missing before it can start, or how to start."""
    if not facts["tasks"]:
        return None
    workers = t.n(
        "{count} worker is waiting for tasks now.", "{count} workers are waiting for tasks now.", facts["workers"]
    )
    launch = t("/launch {number} sets the whole budget aside and starts.", number=facts["number"])
    missing = facts["total"] - facts["available"]
    if missing > 0:
        need = t(
            "You have {available} free: {missing} is missing.",
            available=t.money(facts["available"], facts["currency"]),
            missing=t.money(missing, facts["currency"]),
        )
        return lines(workers, need, launch)
    return lines(workers, launch)


@screen("projects.arriving")
def arriving(facts: Facts, t: Translator) -> Screen:
    """How far a large file is, edited while it comes in."""
    name = t("📥 <b>{name}</b> is coming in.", name=facts["name"])
    if facts["done"]:
        return Screen(lines(name, t("✓ Read to its end.")), silent=True)
    if not facts["of"]:
        return Screen(
            lines(name, t.n("{count} row checked so far …", "{count} rows checked so far …", facts["checked"]))
        )
    share = facts["written"] / facts["of"]
    return Screen(
        lines(
            name,
            t("{bar} {percent}", bar=bar(share), percent=t.percent(share)),
            t("{done} of {all} rows are in.", done=t.number(facts["written"]), all=t.number(facts["of"])),
        )
    )


@screen("projects.launched")
def launched(facts: Facts, t: Translator) -> Screen:
    held = t.money(facts["held"], facts["currency"])
    return Screen(t("🚀 <b>{title}</b> is running. {held} is set aside for it.", title=facts["title"], held=held))


@screen("projects.progress")
def progress(facts: Facts, t: Translator) -> Screen:
    number, currency = facts["number"], facts["currency"]
    share = facts["closed"] / facts["tasks"] if facts["tasks"] else 0
    return Screen(
        lines(
            t(
                "<b>{number}: {title}</b> · {state}",
                number=number,
                title=facts["title"],
                state=state(facts["state"], t),
            ),
            None if facts["state"] == "stopped" else t("{bar} {percent}", bar=bar(share), percent=t.percent(share)),
            t(
                "{closed} of {tasks} tasks done · {answers} · {workers}",
                closed=t.number(facts["closed"]),
                tasks=t.number(facts["tasks"]),
                answers=t.n("{count} answer", "{count} answers", facts["submissions"]),
                workers=t.n("{count} worker", "{count} workers", facts["workers"]),
            ),
            t.n(
                "{count} more task has answers, fewer than it was asked for.",
                "{count} more tasks have answers, fewer than they were asked for.",
                facts["begun"],
            )
            if facts["state"] == "stopped" and facts.get("begun")
            else None,
            t(
                "Gold: {right} of {seen} right ({percent})",
                right=t.number(facts["gold_right"]),
                seen=t.number(facts["gold_seen"]),
                percent=t.percent(facts["gold_right"] / facts["gold_seen"]),
            )
            if facts["gold_seen"]
            else None,
            expected_finish(facts, t),
            t(
                "Spent {spent} · held {held}",
                spent=t.money(facts["spent"], currency),
                held=t.money(facts["held"], currency),
            ),
        ),
        _controls(facts, t),
    )


def expected_finish(facts: Facts, t: Translator) -> Html | None:
    """How long people would need at the pace of the last hours."""
    if facts["state"] != "running" or facts["closed"] >= facts["tasks"]:
        return None
    if not facts.get("left"):
        return t("⏳ When it will be done can't be said yet.")
    soonest, latest = map(t.duration, facts["left"])
    if soonest == latest:
        return t("⏳ About {time} left, if people go on as they do now.", time=latest)
    return t("⏳ {soonest} to {latest} left, if people go on as they do now.", soonest=soonest, latest=latest)


def _controls(facts: Facts, t: Translator) -> tuple[tuple[Button, ...], ...]:
    number = facts["number"]
    files: tuple[Button, ...] = (
        Button(t.plain("📄 Results"), GetFile(project=number, what="results", format="csv").pack()),
        Button(t.plain("🧾 Submissions"), GetFile(project=number, what="submissions", format="csv").pack()),
    )
    if facts.get("files"):
        files += (Button(t.plain("🗂 Files"), GetFile(project=number, what="results", format="zip").pack()),)
    how = (Button(t.plain("📊 Quality"), ShowQuality(project=number).pack()),)
    more = (Button(t.plain("💶 Raise the pay"), OfferRaise(project=number).pack()),)
    end = (Button(t.plain("⏹ Stop"), StopProject(project=number, sure=0).pack(), style="danger"),)
    waits = facts.get("to_review", 0)
    look = Button(t.plain("🔍 Review ({count})", count=t.number(waits)), ShowReview(project=number, after=0).pack())
    rows = ((look,), files, how) if waits else (files, how)
    again = (Button(t.plain("▶️ Continue"), Launch(project=number).pack()),)
    if facts["state"] == "stopped":
        return (*rows, again)
    return (*rows, more, end) if facts["state"] in ("running", "paused") else rows


def bar(share: float) -> str:
    """Ten blocks, as many filled as tenths are done."""
    filled = max(0, min(10, int(share * 10)))
    return "▰" * filled + "▱" * (10 - filled)


def state(name: str, t: Translator) -> str:
    return {
        "draft": t.plain("not launched"),
        "running": t.plain("running"),
        "paused": t.plain("paused"),
        "stopped": t.plain("stopped"),
        "complete": t.plain("complete"),
    }[name]


@screen("projects.complete")
def complete(facts: Facts, t: Translator) -> Screen:
    returned = t.money(facts["returned"], facts["currency"])
    return Screen(
        lines(
            t("🏁 <b>{title}</b> is complete.", title=facts["title"]),
            t("{returned} was not needed and is free again.", returned=returned) if facts["returned"] else None,
        ),
        _controls({**facts, "state": "complete"}, t),
    )


@screen("projects.ask_to_stop")
def ask_to_stop(facts: Facts, t: Translator) -> Screen:
    held = t.money(facts["held"], facts["currency"])
    return Screen(
        t(
            "⏹ <b>{title}</b>\nStop this project? {closed} of {tasks} tasks are done. {held} is held: what no answer needs comes back to you.",
            title=facts["title"],
            closed=t.number(facts["closed"]),
            tasks=t.number(facts["tasks"]),
            held=held,
        ),
        (
            (
                Button(t.plain("⏹ Yes, stop"), StopProject(project=facts["number"], sure=1).pack(), style="danger"),
                Button(t.plain("No, go on"), ShowProject(project=facts["number"]).pack()),
            ),
        ),
    )


@screen("projects.ask_to_delete")
def ask_to_delete(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t(
            "Project {number} has not been launched: <b>{title}</b>. Delete it with its tasks?",
            number=facts["number"],
            title=facts["title"],
        ),
        ((Button(t.plain("🗑 Yes, delete"), Delete(project=facts["number"]).pack(), style="danger"),),),
    )


@screen("projects.deleted")
def deleted(facts: Facts, t: Translator) -> Screen:
    return Screen(t("🗑 Draft {number} is deleted: {title}", number=facts["number"], title=facts["title"]))


@screen("projects.stopped")
def stopped(facts: Facts, t: Translator) -> Screen:
    returned = t.money(facts["returned"], facts["currency"])
    return Screen(
        lines(
            t("⏹ <b>{title}</b> is stopped. {returned} came back to you.", title=facts["title"], returned=returned),
            t.n(
                "{count} worker still has a task in hand: if it is answered, it is paid.",
                "{count} workers still have a task in hand: if it is answered, it is paid.",
                facts["in_hand"],
            )
            if facts["in_hand"]
            else None,
            t.n(
                "The pay of {count} answer is still to be decided: /review_{number}",
                "The pay of {count} answers is still to be decided: /review_{number}",
                facts["undecided"],
                number=facts["number"],
            )
            if facts.get("undecided", 0)
            else None,
        ),
        _controls({**facts, "state": "stopped"}, t),
    )


@screen("projects.list")
def list_(facts: Facts, t: Translator) -> Screen:
    if not facts["projects"]:
        return Screen(t("You have no project yet. /newproject starts one."))
    rows = [
        t("<b>{number}</b> {title} · {state}", number=p["number"], title=p["title"], state=state(p["state"], t))
        for p in facts["projects"]
    ]
    keyboard = tuple(
        (Button(f"{p['number']} · {p['title']}"[:60], ShowProject(project=p["number"]).pack()),)
        for p in facts["projects"][:8]
    )
    return Screen(lines(t("🗂 <b>Your projects</b>"), " ", *fitted(rows, t)), keyboard)


@screen("projects.file")
def file(facts: Facts, t: Translator) -> Screen:
    known = ("number", "title", "what", "format", "state", "ordered", "part", "of", "rows", "after")
    zipped = facts["format"] == "zip"
    order = FileOrder("zip" if zipped else facts["what"], {name: facts[name] for name in known if name in facts})
    about = (
        t("🗂 Files of <b>{title}</b>, named by task and worker, with their table.", title=facts["title"])
        if zipped
        else t("📄 Results of <b>{title}</b>: one row per task.", title=facts["title"])
        if facts["what"] == "results"
        else t("🧾 Submissions of <b>{title}</b>: one row per answer.", title=facts["title"])
    )
    unfinished = (
        t("The project is still running: this is how things stand now.") if facts["state"] == "running" else None
    )
    part = (
        t(
            "Part {part} of {of}: too much for one file. Each part has its own header.",
            part=facts["part"],
            of=facts["of"],
        )
        if facts.get("of")
        else t("Part {part}: what had no room in the file before.", part=facts["part"])
        if zipped and facts.get("part")
        else None
    )
    return Screen(lines(about, part, unfinished), file=order)
