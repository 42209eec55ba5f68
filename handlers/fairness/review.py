"""Screens of review, for requesters who decide about answers and for admins who decide about paused projects."""

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
    fit_rows,
    lines,
    operation_line,
    read_version_line,
    shows,
    to_button_rows,
    toasts,
)
from handlers.work import corrections
from locales.translator import Html, Translator
from services.fairness import review
from services.fairness.review import AnswerAccepted


class ShowReview(Payload, code="rv"):
    """The next answer to review behind `after`; 0 begins."""

    project: Number
    after: Number = 0


class BackToReview(Payload, code="ro"):
    """Button back to the review of the same answer."""

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
    """A project paused for its rejections, for an admin."""

    project: Number


MAX_TITLE_CHARS = 60  # characters of a title
MAX_BUTTON_LINE_CHARS = 28  # characters of an instruction line on its button
MAX_LINES_WITH_WORDS, MAX_LINES = 8, 80  # lines that have their words on their buttons; lines that have a button at all
BUTTONS_PER_ROW = 5
MAX_CLAUSE_CHARS = 200  # characters of a line that is cited


@shows(AnswerToReview)
def answer_to_review_screen(m: AnswerToReview, t: Translator) -> Screen:
    head = lines(
        t("🔍 <b>{title}</b>", title=clipped(m.about.title, MAX_TITLE_CHARS)),
        t.n("{count} answer waits for you", "{count} answers wait for you", m.left),
    )
    deadline_line = t(
        "By {worker}, in {time}. If you say nothing, it is paid on {until}.",
        worker=m.worker,
        time=t.duration(m.milliseconds),
        until=t.time(m.until),
    )
    head = lines(head, read_version_line(m.about.version, t))
    right_line = None if m.spends else t("To reject is for those of your team who may spend: it holds the judges' pay.")
    return quotations.show_answer_for_decision(
        m.about,
        t,
        head,
        lines(_consensus_line(m, t), *_evidence_lines(m, t), deadline_line, right_line),
        _decision_buttons(m, t),
    )


def _evidence_lines(m: AnswerToReview, t: Translator) -> Iterator[Html | None]:
    """Lines of evidence for and against an answer."""
    kind, evidence = answers.screen_of(m.about.kind), m.beside
    if evidence.others:
        others_said = (
            (t("can't tell") if a is None else clipped(kind.describe(a, t), MAX_TITLE_CHARS), n)
            for a, n in evidence.others
        )
        yield t(
            "Others: {answers}", answers=", ".join(f"{answer} ({t.number(count)})" for answer, count in others_said)
        )
    if evidence.checked:
        counts = {"right": t.number(evidence.right), "seen": t.number(evidence.checked)}
        yield t("This worker had {right} of {seen} check questions right here.", **counts)
    if evidence.usual:
        yield t("Half of the answers here take less than {time}.", time=t.duration(evidence.usual))


def _consensus_line(m: AnswerToReview, t: Translator) -> Html | None:
    if m.consensus is None:
        return None
    consensus_text = clipped(answers.screen_of(m.about.kind).describe(m.consensus, t), MAX_TITLE_CHARS)
    if m.confidence is None:
        return t("All answers together say: {answer}", answer=consensus_text)
    return t("All answers together say: {answer} ({sure} sure)", answer=consensus_text, sure=t.percent(m.confidence))


def _decision_buttons(m: AnswerToReview, t: Translator) -> Keyboard:
    number, project = m.about.submission, m.about.project
    yes = Button(t.plain("✅ Accept"), AcceptAnswer(submission=number).pack(), style="success")
    no = Button(t.plain("❌ Reject"), RejectAnswer(submission=number).pack(), style="danger")
    redo_button = Button(t.plain("🔁 Once more, paid"), corrections.AskRedo(submission=number).pack())
    first_row = (yes, no) if m.about.answer is not None else (yes,)
    later = Button(t.plain("⏭ Later"), ShowReview(project=project, after=number).pack())
    thank = Button(t.plain("🎁 Bonus"), bonus.AskForBonus(submission=number).pack())
    block = Button(t.plain("🚫 Block"), blocks.AskToBlock(submission=number).pack())
    rest = AcceptRest(project=project, last=m.last).pack()
    rest_button = Button(t.plain("✅ Accept all the rest ({count})", count=t.number(m.left)), rest)
    if not m.spends:
        return ((yes, later), (rest_button,)) if m.left > 1 else ((yes,),)
    above = (first_row,) if kind_of(m.about.kind).is_of_programs else (first_row, (redo_button,))
    return (*above, (later, thank, block), (rest_button,)) if m.left > 1 else (*above, (thank, block))


@toasts(AnswerAccepted)
def answer_accepted_toast(_: AnswerAccepted, t: Translator) -> Toast:
    return Toast(t.plain("✅ Accepted and paid."))


@shows(NothingToReview)
def nothing_to_review_screen(m: NothingToReview, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✨ <b>{title}</b>: no answer waits for your decision.", title=clipped(m.title, MAX_TITLE_CHARS)),
            None
            if m.reviews
            else t(
                "Here pay is the worker's at once, or once they have shown that they work well. What is theirs stays theirs."
            ),
        )
    )


@shows(LinesToCite)
def lines_to_cite_screen(m: LinesToCite, t: Translator) -> Screen:
    rows = [
        t("{number}. {line}", number=position, line=clipped(line, MAX_CLAUSE_CHARS))
        for position, line in enumerate(m.lines, 1)
    ]
    head = t("❌ <b>Which line of your instructions was not followed?</b> The worker will read it.")
    back = Button(t.plain("↩️ Back"), _back_button_data(m.submission))
    return Screen(lines(head, read_version_line(m.edition, t), " ", *fit_rows(rows, t)), (*_line_buttons(m), (back,)))


def _line_buttons(m: LinesToCite) -> Keyboard:
    """One button per instruction line: with its words if there are at most MAX_LINES_WITH_WORDS lines, else with its
    number."""
    listed, number = m.lines[:MAX_LINES], m.submission
    cite = [CiteLine(submission=number, line=position).pack() for position in range(1, len(listed) + 1)]
    if len(listed) <= MAX_LINES_WITH_WORDS:
        return tuple(
            (Button(clipped(f"{position}. {line}", MAX_BUTTON_LINE_CHARS), cite[position - 1]),)
            for position, line in enumerate(listed, 1)
        )
    keys = [Button(str(position), data) for position, data in enumerate(cite, 1)]
    return to_button_rows(keys, BUTTONS_PER_ROW)


@shows(ReasonWanted)
def reason_wanted_screen(m: ReasonWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("{number}. {line}", number=m.line, line=clipped(m.clause, MAX_CLAUSE_CHARS)),
            " ",
            t("✏️ <b>Why? Write it to me in one message.</b>"),
            t(
                "The worker reads your reason and may object; then three other workers judge. Until then the money stays aside and you do not get the answer."
            ),
        ),
        ((Button(t.plain("↩️ Back"), _back_button_data(m.submission)),),),
    )


def _back_button_data(submission: SubmissionId) -> str:
    """Return the button data that leads back to the same answer."""
    return BackToReview(submission=submission).pack()


@shows(RejectionMade)
def rejection_made_screen(m: RejectionMade, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❌ <b>{title}</b>: rejected. The worker was told why.", title=clipped(m.title, MAX_TITLE_CHARS)),
            t(
                "{held} of yours is held for judges. It comes back if nobody appeals; if they find you right, up to half of the fees you have paid.",
                held=t.money(m.held, m.currency),
            ),
        )
    )


@shows(RestAccepted)
def rest_accepted_screen(m: RestAccepted, t: Translator) -> Screen:
    go = Button(t.plain("🔍 Go on"), ShowReview(project=m.project).pack())
    return Screen(
        lines(
            t.n(
                "✅ <b>{title}</b>: {count} answer accepted. {amount} is paid.",
                "✅ <b>{title}</b>: {count} answers accepted. {amount} is paid.",
                m.count,
                title=clipped(m.title, MAX_TITLE_CHARS),
                amount=t.money(m.amount, m.currency),
            ),
            t.n("{count} more waits.", "{count} more wait.", m.left) if m.left else None,
        ),
        ((go,),) if m.left else (),
    )


@shows(RejectionUpheld)
def rejection_upheld_screen(m: RejectionUpheld, t: Translator) -> Screen:
    money = {"amount": t.money(m.about.pay, m.about.currency), "fee": t.money(m.fee, m.about.currency)}
    head = t("↩️ <b>{title}</b>: your rejection stands.", title=clipped(m.about.title, MAX_TITLE_CHARS))
    back = (
        t("{amount} and our fee of {fee} are yours again. You do not get this answer.", **money)
        if m.fee
        else t("{amount} is yours again. You do not get this answer.", **money)
    )
    return Screen(lines(head, back, operation_line(m.operation, t)))


@shows(ProjectRests)
def project_rests_screen(m: ProjectRests, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏸ <b>{title}</b> is paused.", title=clipped(m.title, MAX_TITLE_CHARS)),
            _share_line(m, t),
            t(
                "That is more than one in twenty. Nobody is asked any more, and nothing can be rejected, until a human has looked at it. You can still accept."
            ),
        )
    )


@shows(PauseToDecide)
def pause_to_decide_screen(m: PauseToDecide, t: Translator) -> Screen:
    go, end = (stops.DecidePause(project=m.project, resume=resume).pack() for resume in (True, False))
    return Screen(
        lines(
            t(
                "⏸ <b>{number}: {title}</b> by {who} is paused.",
                number=m.project,
                title=clipped(m.title, MAX_TITLE_CHARS),
                who=m.who,
            ),
            _share_line(m, t),
            t("Please look at it: are the instructions clear, are the reasons fair?"),
        ),
        ((Button(t.plain("▶️ Let it go on"), go),), (Button(t.plain("⏹ Stop it"), end, style="danger"),)),
    )


def _share_line(m: ProjectRests | PauseToDecide, t: Translator) -> Html:
    counts = {"rejected": t.number(m.rejected), "decided": t.number(m.decided)}
    return t("{rejected} of {decided} decided answers were rejected.", **counts)


@shows(PauseDecided)
def pause_decided_screen(m: PauseDecided, t: Translator) -> Screen:
    title = clipped(m.title, MAX_TITLE_CHARS)
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
