"""What a requester reads while deciding about answers, and an admin about a project that rejected too many."""

from handlers.payloads.fairness import AcceptAnswer, AcceptRest, CiteLine, DecidePause, RejectAnswer, ShowReview
from handlers.payloads.money import GiveBonus
from handlers.screens.layout.exhibit import exhibited
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.layout.operation_number import numbered
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

NAMED = 60  # characters of a title
LINE = 28  # characters of an instruction line on its button
WHOLE, MANY = 8, 80  # lines that have their words on their buttons; lines that have a button at all
IN_A_ROW = 5
CLAUSE = 200  # characters of a line that is cited


@screen("review.submission")
def submission(facts: Facts, t: Translator) -> Screen:
    head = lines(
        t("🔍 <b>{title}</b>", title=clipped(facts["title"], NAMED)),
        t.n("{count} answer waits for you", "{count} answers wait for you", facts["left"]),
    )
    tail = lines(
        _consensus(facts, t),
        t(
            "By {worker}, in {time}. If you say nothing, it is paid on {until} (UTC).",
            worker=facts["worker"],
            time=t.duration(facts["milliseconds"]),
            until=t.moment(facts["until"]),
        ),
    )
    return exhibited(facts, t, head, tail, _decisions(facts, t))


def _consensus(facts: Facts, t: Translator) -> Html | None:
    if facts["consensus"] is None:
        return None
    said = clipped(facts["consensus"], NAMED)
    if facts["confidence"] is None:
        return t("All answers together say: {answer}", answer=said)
    sure = t.percent(facts["confidence"])
    return t("All answers together say: {answer} ({sure} sure)", answer=said, sure=sure)


def _decisions(facts: Facts, t: Translator) -> tuple[tuple[Button, ...], ...]:
    number, project = facts["submission"], facts["number"]
    yes = Button(t.plain("✅ Accept"), AcceptAnswer(submission=number).pack(), style="success")
    no = Button(t.plain("❌ Reject"), RejectAnswer(submission=number).pack(), style="danger")
    first = (yes, no) if facts["answer"] is not None else (yes,)
    later = Button(t.plain("⏭ Later"), ShowReview(project=project, after=number).pack())
    thank = Button(t.plain("🎁 Bonus"), GiveBonus(submission=number).pack())
    rest = AcceptRest(project=project, last=facts["last"]).pack()
    every = Button(t.plain("✅ Accept all the rest ({count})", count=t.number(facts["left"])), rest)
    return (first, (later, thank), (every,)) if facts["left"] > 1 else (first, (thank,))


@screen("review.nothing")
def nothing(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✨ <b>{title}</b>: no answer waits for your decision.", title=clipped(facts["title"], NAMED)),
            None
            if facts["review"]
            else t(
                "Here pay is the worker's at once, or once they have shown that they work well. What is theirs stays theirs."
            ),
        )
    )


@screen("review.lines")
def choose_line(facts: Facts, t: Translator) -> Screen:
    listed = facts["lines"]
    rows = [t("{number}. {line}", number=at, line=clipped(line, CLAUSE)) for at, line in enumerate(listed, 1)]
    head = t("❌ <b>Which line of your instructions was not followed?</b> The worker will read it.")
    back = Button(t.plain("↩️ Back"), _back(facts["number"], facts["submission"]))
    return Screen(lines(head, " ", *fitted(rows, t)), (*_line_buttons(facts), (back,)))


def _line_buttons(facts: Facts) -> list[tuple[Button, ...]]:
    """With their words where they are few; else their numbers."""
    listed, number = facts["lines"][:MANY], facts["submission"]
    cite = [CiteLine(submission=number, line=at).pack() for at in range(1, len(listed) + 1)]
    if len(listed) <= WHOLE:
        return [(Button(clipped(f"{at}. {line}", LINE), cite[at - 1]),) for at, line in enumerate(listed, 1)]
    keys = [Button(str(at), data) for at, data in enumerate(cite, 1)]
    return [tuple(keys[at : at + IN_A_ROW]) for at in range(0, len(keys), IN_A_ROW)]


@screen("review.reason")
def reason(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("{number}. {line}", number=facts["line"], line=clipped(facts["clause"], CLAUSE)),
            " ",
            t("✏️ <b>Why? Write it to me in one message.</b>"),
            t(
                "The worker reads your reason and may object; then three other workers judge. Until then the money stays aside and you do not get the answer."
            ),
        ),
        ((Button(t.plain("↩️ Back"), _back(facts["number"], facts["last"])),),),
    )


def _back(project: int, submission: int) -> str:
    """To the very answer."""
    return ShowReview(project=project, after=max(0, submission - 1)).pack()


@screen("review.rejected")
def rejected(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❌ <b>{title}</b>: rejected. The worker was told why.", title=clipped(facts["title"], NAMED)),
            t(
                "{held} of yours is held for judges. It comes back if nobody appeals; if they find you right, up to half of the fees you have paid.",
                held=t.money(facts["held"], facts["currency"]),
            )
            if "held" in facts
            else None,
        )
    )


@screen("review.accepted_rest")
def accepted_rest(facts: Facts, t: Translator) -> Screen:
    go = Button(t.plain("🔍 Go on"), ShowReview(project=facts["number"], after=0).pack())
    return Screen(
        lines(
            t.n(
                "✅ <b>{title}</b>: {count} answer accepted. {amount} is paid.",
                "✅ <b>{title}</b>: {count} answers accepted. {amount} is paid.",
                facts["count"],
                title=clipped(facts["title"], NAMED),
                amount=t.money(facts["amount"], facts["currency"]),
            ),
            t.n("{count} more waits.", "{count} more wait.", facts["left"]) if facts["left"] else None,
        ),
        ((go,),) if facts["left"] else (),
    )


@screen("review.returned")
def returned(facts: Facts, t: Translator) -> Screen:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("amount", "fee")}
    head = t("↩️ <b>{title}</b>: your rejection stands.", title=clipped(facts["title"], NAMED))
    back = (
        t("{amount} and our fee of {fee} are yours again. You do not get this answer.", **money)
        if facts["fee"]
        else t("{amount} is yours again. You do not get this answer.", **money)
    )
    return Screen(lines(head, back, operation(facts, t)))


@screen("review.paused")
def paused(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏸ <b>{title}</b> is paused.", title=clipped(facts["title"], NAMED)),
            _share(facts, t),
            t(
                "That is more than one in twenty. Nobody is asked any more, and nothing can be rejected, until a human has looked at it. You can still accept."
            ),
        )
    )


@screen("review.to_look_at")
def to_look_at(facts: Facts, t: Translator) -> Screen:
    go, end = (DecidePause(project=facts["number"], resume=resume).pack() for resume in (1, 0))
    return Screen(
        lines(
            t(
                "⏸ <b>{number}: {title}</b> by {who} is paused.",
                number=facts["number"],
                title=clipped(facts["title"], NAMED),
                who=facts["who"],
            ),
            _share(facts, t),
            t("Please look at it: are the instructions clear, are the reasons fair?"),
        ),
        ((Button(t.plain("▶️ Let it go on"), go),), (Button(t.plain("⏹ Stop it"), end, style="danger"),)),
    )


def _share(facts: Facts, t: Translator) -> Html:
    counts = {name: t.number(facts[name]) for name in ("rejected", "decided")}
    return t("{rejected} of {decided} decided answers were rejected.", **counts)


@screen("review.looked_at")
def looked_at(facts: Facts, t: Translator) -> Screen:
    title = clipped(facts["title"], NAMED)
    if facts["resumed"]:
        return Screen(t("▶️ <b>{title}</b>: somebody looked at it, and it goes on.", title=title))
    return Screen(t("⏹ <b>{title}</b>: somebody looked at it, and it is stopped.", title=title))


def operation(facts: Facts, t: Translator) -> Html | None:
    return numbered(facts["operation"], t)
