"""Review as a requester reads it, and a project with too many rejections as an admin reads it."""

from __future__ import annotations

from collections.abc import Iterator

from domain.answers import kind_of
from domain.fairness.appeals import RejectionUpheld
from domain.fairness.review import (
    AnswerToReview,
    LinesToCite,
    NothingToReview,
    PauseDecided,
    PauseToDecide,
    ProjectRests,
    ReasonWanted,
    RejectionMade,
    RestAccepted,
)
from domain.people.accounts import ADMIN, REQUESTER
from domain.people.teams import Right
from domain.work.assignments import SubmissionId
from handlers import answers, quotations
from handlers.fairness import stops
from handlers.money import bonus
from handlers.payload import Number, Payload
from handlers.people import blocks
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    Toast,
    clipped,
    fitted,
    in_rows,
    lines,
    numbered,
    read_under,
    shows,
    toasts,
)
from handlers.work import corrections
from locales.translator import Html, Translator
from services.fairness import review
from services.fairness.review import AnswerAccepted


class ShowReview(Payload, code="rv"):
    """The next answer behind one; 0 begins."""

    project: Number
    after: Number = 0


class BackToReview(Payload, code="ro"):
    """The same answer once more."""

    submission: Number


class AcceptAnswer(Payload, code="va"):
    submission: Number


class AcceptRest(Payload, code="vx"):
    project: Number
    last: Number


class RejectAnswer(Payload, code="vr"):
    submission: Number


class CiteLine(Payload, code="vl"):
    submission: Number
    line: Number


class ShowPause(Payload, code="rp"):
    """A project that rests for its rejections."""

    project: Number


NAMED = 60  # characters of a title
LINE = 28  # characters of an instruction line on its button
WHOLE, MANY = 8, 80  # lines that have their words on their buttons; lines that have a button at all
IN_A_ROW = 5
CLAUSE = 200  # characters of a line that is cited


@shows(AnswerToReview)
def submission(m: AnswerToReview, t: Translator) -> Screen:
    head = lines(
        t("🔍 <b>{title}</b>", title=clipped(m.about.title, NAMED)),
        t.n("{count} answer waits for you", "{count} answers wait for you", m.left),
    )
    said = t(
        "By {worker}, in {time}. If you say nothing, it is paid on {until}.",
        worker=m.worker,
        time=t.duration(m.milliseconds),
        until=t.time(m.until),
    )
    head = lines(head, read_under(m.about.version, t))
    may = None if m.spends else t("To reject is for those of your team who may spend: it holds the judges' pay.")
    return quotations.exhibited(m.about, t, head, lines(_consensus(m, t), *_beside(m, t), said, may), _decisions(m, t))


def _beside(m: AnswerToReview, t: Translator) -> Iterator[Html | None]:
    """What speaks for it and against it."""
    kind, found = answers.screen_of(m.about.kind), m.beside
    if found.others:
        said = ((t("can't tell") if a is None else clipped(kind.said(a, t), NAMED), n) for a, n in found.others)
        yield t("Others: {answers}", answers=", ".join(f"{answer} ({t.number(count)})" for answer, count in said))
    if found.checked:
        counts = {"right": t.number(found.right), "seen": t.number(found.checked)}
        yield t("This worker had {right} of {seen} check questions right here.", **counts)
    if found.usual:
        yield t("Half of the answers here take less than {time}.", time=t.duration(found.usual))


def _consensus(m: AnswerToReview, t: Translator) -> Html | None:
    if m.consensus is None:
        return None
    said = clipped(answers.screen_of(m.about.kind).said(m.consensus, t), NAMED)
    if m.confidence is None:
        return t("All answers together say: {answer}", answer=said)
    return t("All answers together say: {answer} ({sure} sure)", answer=said, sure=t.percent(m.confidence))


def _decisions(m: AnswerToReview, t: Translator) -> Keyboard:
    number, project = m.about.submission, m.about.project
    yes = Button(t.plain("✅ Accept"), AcceptAnswer(submission=number).pack(), style="success")
    no = Button(t.plain("❌ Reject"), RejectAnswer(submission=number).pack(), style="danger")
    again = Button(t.plain("🔁 Once more, paid"), corrections.AskRedo(submission=number).pack())
    first = (yes, no) if m.about.answer is not None else (yes,)
    later = Button(t.plain("⏭ Later"), ShowReview(project=project, after=number).pack())
    thank = Button(t.plain("🎁 Bonus"), bonus.AskForBonus(submission=number).pack())
    block = Button(t.plain("🚫 Block"), blocks.AskToBlock(submission=number).pack())
    rest = AcceptRest(project=project, last=m.last).pack()
    every = Button(t.plain("✅ Accept all the rest ({count})", count=t.number(m.left)), rest)
    if not m.spends:
        return ((yes, later), (every,)) if m.left > 1 else ((yes,),)
    above = (first,) if kind_of(m.about.kind).is_of_programs else (first, (again,))
    return (*above, (later, thank, block), (every,)) if m.left > 1 else (*above, (thank, block))


@toasts(AnswerAccepted)
def accepted(_: AnswerAccepted, t: Translator) -> Toast:
    return Toast(t.plain("✅ Accepted and paid."))


@shows(NothingToReview)
def nothing(m: NothingToReview, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✨ <b>{title}</b>: no answer waits for your decision.", title=clipped(m.title, NAMED)),
            None
            if m.reviews
            else t(
                "Here pay is the worker's at once, or once they have shown that they work well. What is theirs stays theirs."
            ),
        )
    )


@shows(LinesToCite)
def choose_line(m: LinesToCite, t: Translator) -> Screen:
    rows = [t("{number}. {line}", number=at, line=clipped(line, CLAUSE)) for at, line in enumerate(m.lines, 1)]
    head = t("❌ <b>Which line of your instructions was not followed?</b> The worker will read it.")
    back = Button(t.plain("↩️ Back"), _back(m.submission))
    return Screen(lines(head, read_under(m.edition, t), " ", *fitted(rows, t)), (*_line_buttons(m), (back,)))


def _line_buttons(m: LinesToCite) -> Keyboard:
    """With their words where they are few; else their numbers."""
    listed, number = m.lines[:MANY], m.submission
    cite = [CiteLine(submission=number, line=at).pack() for at in range(1, len(listed) + 1)]
    if len(listed) <= WHOLE:
        return tuple((Button(clipped(f"{at}. {line}", LINE), cite[at - 1]),) for at, line in enumerate(listed, 1))
    keys = [Button(str(at), data) for at, data in enumerate(cite, 1)]
    return in_rows(keys, IN_A_ROW)


@shows(ReasonWanted)
def reason(m: ReasonWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("{number}. {line}", number=m.line, line=clipped(m.clause, CLAUSE)),
            " ",
            t("✏️ <b>Why? Write it to me in one message.</b>"),
            t(
                "The worker reads your reason and may object; then three other workers judge. Until then the money stays aside and you do not get the answer."
            ),
        ),
        ((Button(t.plain("↩️ Back"), _back(m.submission)),),),
    )


def _back(submission: SubmissionId) -> str:
    """To the very answer."""
    return BackToReview(submission=submission).pack()


@shows(RejectionMade)
def rejected(m: RejectionMade, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❌ <b>{title}</b>: rejected. The worker was told why.", title=clipped(m.title, NAMED)),
            t(
                "{held} of yours is held for judges. It comes back if nobody appeals; if they find you right, up to half of the fees you have paid.",
                held=t.money(m.held, m.currency),
            ),
        )
    )


@shows(RestAccepted)
def accepted_rest(m: RestAccepted, t: Translator) -> Screen:
    go = Button(t.plain("🔍 Go on"), ShowReview(project=m.project).pack())
    return Screen(
        lines(
            t.n(
                "✅ <b>{title}</b>: {count} answer accepted. {amount} is paid.",
                "✅ <b>{title}</b>: {count} answers accepted. {amount} is paid.",
                m.count,
                title=clipped(m.title, NAMED),
                amount=t.money(m.amount, m.currency),
            ),
            t.n("{count} more waits.", "{count} more wait.", m.left) if m.left else None,
        ),
        ((go,),) if m.left else (),
    )


@shows(RejectionUpheld)
def returned(m: RejectionUpheld, t: Translator) -> Screen:
    money = {"amount": t.money(m.about.pay, m.about.currency), "fee": t.money(m.fee, m.about.currency)}
    head = t("↩️ <b>{title}</b>: your rejection stands.", title=clipped(m.about.title, NAMED))
    back = (
        t("{amount} and our fee of {fee} are yours again. You do not get this answer.", **money)
        if m.fee
        else t("{amount} is yours again. You do not get this answer.", **money)
    )
    return Screen(lines(head, back, numbered(m.operation, t)))


@shows(ProjectRests)
def paused(m: ProjectRests, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏸ <b>{title}</b> is paused.", title=clipped(m.title, NAMED)),
            _share(m, t),
            t(
                "That is more than one in twenty. Nobody is asked any more, and nothing can be rejected, until a human has looked at it. You can still accept."
            ),
        )
    )


@shows(PauseToDecide)
def to_look_at(m: PauseToDecide, t: Translator) -> Screen:
    go, end = (stops.DecidePause(project=m.project, resume=resume).pack() for resume in (True, False))
    return Screen(
        lines(
            t(
                "⏸ <b>{number}: {title}</b> by {who} is paused.",
                number=m.project,
                title=clipped(m.title, NAMED),
                who=m.who,
            ),
            _share(m, t),
            t("Please look at it: are the instructions clear, are the reasons fair?"),
        ),
        ((Button(t.plain("▶️ Let it go on"), go),), (Button(t.plain("⏹ Stop it"), end, style="danger"),)),
    )


def _share(m: ProjectRests | PauseToDecide, t: Translator) -> Html:
    counts = {"rejected": t.number(m.rejected), "decided": t.number(m.decided)}
    return t("{rejected} of {decided} decided answers were rejected.", **counts)


@shows(PauseDecided)
def looked_at(m: PauseDecided, t: Translator) -> Screen:
    title = clipped(m.title, NAMED)
    if m.resumed:
        return Screen(t("▶️ <b>{title}</b>: somebody looked at it, and it goes on.", title=title))
    return Screen(t("⏹ <b>{title}</b>: somebody looked at it, and it is stopped.", title=title))


ROUTES = (
    Route(
        ShowReview,
        REQUESTER,
        review.show_next_answer,
        command="review",
        usage="N",
        means="accept or reject answers, one after another",
        stays=True,
        right=Right.LOOK,
    ),
    Route(BackToReview, REQUESTER, review.show_answer_again, stays=True, right=Right.LOOK),
    Route(AcceptAnswer, REQUESTER, review.accept_and_show_next, stays=True, right=Right.LOOK),
    Route(AcceptRest, REQUESTER, review.accept_remaining, stays=True, right=Right.LOOK),
    Route(RejectAnswer, REQUESTER, review.ask_for_line),
    Route(CiteLine, REQUESTER, review.ask_for_reason),
    Route(ShowPause, ADMIN, review.show_pause_case),
)
