"""What a worker reads when an answer was rejected, what judges see, and how it ended."""

from handlers.payloads.fairness import AppealRejection, Judge
from handlers.payloads.work import AppealWords, RuleAppeal
from handlers.screens.fairness.review import CLAUSE, NAMED, operation
from handlers.screens.layout.exhibit import exhibited
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

REASON, ROOMY = 220, 1_000  # characters of a reason, or of words: beside a photo, and where there is room


def _cited(facts: Facts, t: Translator, room: int = REASON) -> Html:
    """The line, and the reason."""
    return lines(
        t("Line {number}: “{clause}”", number=facts["line"], clause=clipped(facts["clause"], CLAUSE)),
        t("Reason: “{reason}”", reason=clipped(facts["reason"], room)),
    )


def _room(facts: Facts) -> int:
    """Of a reason or of words: a caption has little."""
    return REASON if facts["kind"] in ("photo", "voice") or facts["picture"] else ROOMY


@screen("appeals.rejected")
def rejected(facts: Facts, t: Translator) -> Screen:
    head = t(
        "❌ <b>{title}</b>: the requester rejected an answer of yours. {amount} stays aside until it is clear whose it is.",
        title=clipped(facts["title"], NAMED),
        amount=t.money(facts["amount"], facts["currency"]),
    )
    tail = lines(
        _cited(facts, t, _room(facts)),
        t(
            "Is that wrong? Press “Appeal” until {until} (UTC): three other workers judge, without your name. It costs nothing.",
            until=t.moment(facts["until"]),
        ),
        operation(facts, t),
    )
    press = Button(t.plain("⚖️ Appeal"), AppealRejection(submission=facts["submission"]).pack())
    return exhibited(facts, t, head, tail, ((press,),))


@screen("appeals.opened")
def opened(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⚖️ <b>{title}</b>: your appeal is open.", title=clipped(facts["title"], NAMED)),
            t(
                "Three other workers judge it, drawn by lot. If they have not by {until} (UTC), you win.",
                until=t.moment(facts["until"]),
            )
            if facts["judges"]
            else t(
                "Too few workers could judge it who don't know the requester, so whoever runs this bot looks at it. If they have not by {until} (UTC), you win.",
                until=t.moment(facts["until"]),
            ),
            t("You may add a few words. You need not."),
        ),
        ((Button(t.plain("✏️ Add a few words"), _words(facts, 0)),),) if "appeal" in facts else (),
    )


def _words(facts: Facts, step: int) -> str:
    return AppealWords(appeal=facts["appeal"], step=step).pack()


@screen("appeals.words")
def words(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t("✏️ Write to me, in one message, what whoever judges should know. You see it once more before it is sent.")
    )


@screen("appeals.confirm")
def confirm(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("“{words}”", words=clipped(facts["words"], ROOMY)),
            t("Shall whoever judges your appeal read this? To change it, write it again."),
        ),
        (
            (Button(t.plain("✅ Yes, send it"), _words(facts, 1)),),
            (Button(t.plain("✖️ No, send nothing"), _words(facts, 2)),),
        ),
    )


@screen("appeals.unsaid")
def unsaid(facts: Facts, t: Translator) -> Screen:
    return Screen(t("Nothing was sent. Your appeal goes on without it."))


@screen("appeals.explained")
def explained(facts: Facts, t: Translator) -> Screen:
    if not facts["told"]:
        return Screen(t("This appeal is decided, or has your words already."))
    return Screen(t("✏️ The judges read: “{words}”", words=facts["words"]))


@screen("appeals.judge")
def judge(facts: Facts, t: Translator) -> Screen:
    head = lines(
        t(
            "⚖️ <b>Please judge</b> · {amount} · {title}",
            amount=t.money(facts["amount"], facts["currency"]),
            title=clipped(facts["title"], NAMED),
        ),
        t("Another worker's answer was rejected. Was that right? Nobody sees who you are."),
    )
    tail = _pleas(facts, t)
    verdicts = [Judge(appeal=facts["appeal"], verdict=verdict).pack() for verdict in (1, 0, 2)]
    rows = (
        (Button(t.plain("👍 The answer is fine: pay it"), verdicts[0]),),
        (Button(t.plain("👎 The rejection is right"), verdicts[1]),),
        (Button(t.plain("⏭ Skip"), verdicts[2]),),
    )
    return exhibited(facts, t, head, tail, rows, rules=facts["instructions"])


def _pleas(facts: Facts, t: Translator) -> Html:
    """Both sides."""
    room = _room(facts)
    words = clipped(facts["words"] or "", room)
    return lines(_cited(facts, t, room), t("The worker says: “{words}”", words=words) if words else None)


@screen("appeals.rule")
def rule(facts: Facts, t: Translator) -> Screen:
    head = lines(
        t("⚖️ <b>An appeal for you</b> · {title}", title=clipped(facts["title"], NAMED)),
        t(
            "There are too few workers who could judge it and don't know the requester. If nobody decides by {until} (UTC), the worker is paid.",
            until=t.moment(facts["until"]),
        ),
    )
    verdicts = [RuleAppeal(appeal=facts["appeal"], verdict=verdict).pack() for verdict in (1, 0)]
    rows = (
        (Button(t.plain("👍 The answer is fine: pay it"), verdicts[0]),),
        (Button(t.plain("👎 The rejection is right"), verdicts[1]),),
    )
    return exhibited(facts, t, head, _pleas(facts, t), rows, rules=facts["instructions"])


@screen("appeals.ruled")
def ruled(facts: Facts, t: Translator) -> Screen:
    if facts["verdict"] == "worker":
        return Screen(t("⚖️ Decided: the worker is paid. Both were told."))
    return Screen(t("⚖️ Decided: the rejection stands. Both were told."))


@screen("appeals.costs")
def costs(facts: Facts, t: Translator) -> Screen:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("due", "back")}
    title = clipped(facts["title"], NAMED)
    if facts["back"] == facts["due"]:
        return Screen(
            t("⚖️ <b>{title}</b>: you were right, so the judges' {due} came back to you.", title=title, **money)
        )
    return Screen(
        lines(
            t("⚖️ <b>{title}</b>: you were right. Of the judges' {due}, {back} came back to you.", title=title, **money),
            t(
                "Never more than half of the fees your projects have paid goes back for judges. Whoever runs this bot was told."
            ),
        )
    )


@screen("appeals.alarm")
def alarm(facts: Facts, t: Translator) -> Screen:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("due", "back")}
    told = {"who": clipped(facts["who"], NAMED), "title": clipped(facts["title"], NAMED), "number": facts["number"]}
    return Screen(
        lines(
            t("🚨 <b>{who}</b> rejects more than their fees can bear: project {number}, {title}.", **told),
            t(
                "Judges cost {due}, of which {back} went back. Look at whether the reasons are fair, and who judged.",
                **money,
            ),
        )
    )


@screen("appeals.judged")
def judged(facts: Facts, t: Translator) -> Screen:
    title = clipped(facts["title"], NAMED)
    said = {
        "worker": t.plain("👍 the answer is fine"),
        "requester": t.plain("👎 the rejection is right"),
        None: t.plain("⏭ skipped"),
    }[facts["verdict"]]
    pay = t.money(facts["amount"], facts["currency"])
    if facts["verdict"] is None:
        return Screen(t("<b>{title}</b>\n{said}", title=title, said=said))
    return Screen(t("<b>{title}</b>\n{said} · {pay}", title=title, said=said, pay=pay))


def _votes(facts: Facts, t: Translator, silence: Html) -> Html:
    """Who decided."""
    if facts.get("ruled"):
        return t("Whoever runs this bot decided it, as there were too few judges.")
    if facts["votes"] + facts["against"] < 3:
        return silence
    counts = {"votes": t.number(facts["votes"]), "against": t.number(facts["against"])}
    return t("For the worker: {votes}, for the requester: {against}.", **counts)


@screen("appeals.won")
def won(facts: Facts, t: Translator) -> Screen:
    head = t(
        "✅ <b>{title}</b>: you won your appeal. {amount} is yours.",
        title=clipped(facts["title"], NAMED),
        amount=t.money(facts["amount"], facts["currency"]),
    )
    silence = t("The judges did not all answer in time, so you are right.")
    tail = lines(_votes(facts, t, silence), operation(facts, t))
    return exhibited(facts, t, head, tail)


@screen("appeals.lost")
def lost(facts: Facts, t: Translator) -> Screen:
    head = t(
        "⚖️ <b>{title}</b>: the rejection was found right. {amount} went back to the requester.",
        title=clipped(facts["title"], NAMED),
        amount=t.money(facts["amount"], facts["currency"]),
    )
    said = t("The requester does not get your answer.")
    return exhibited(facts, t, head, lines(_votes(facts, t, Html("")) or None, said, operation(facts, t)))


@screen("appeals.closed")
def closed(facts: Facts, t: Translator) -> Screen:
    head = t(
        "⏳ <b>{title}</b>: the seven days for an appeal are over. {amount} went back to the requester.",
        title=clipped(facts["title"], NAMED),
        amount=t.money(facts["amount"], facts["currency"]),
    )
    return exhibited(facts, t, head, lines(t("The requester does not get your answer."), operation(facts, t)))


@screen("appeals.overturned")
def overturned(facts: Facts, t: Translator) -> Screen:
    head = t(
        "⚖️ <b>{title}</b>: a worker appealed against your rejection and won. The answer counts and is paid.",
        title=clipped(facts["title"], NAMED),
    )
    silence = t("The judges did not all answer in time, which is for the worker.")
    tail = lines(_votes(facts, t, silence), operation(facts, t))
    return exhibited(facts, t, head, tail)
