"""The board as admins and requesters read it: a reported post, a petition to be answered."""

from domain.fairness.board import LONGEST, RULES
from domain.fairness.messages.board import (
    BoardAnswerDraft,
    BoardAnswerKept,
    BoardAnswerWanted,
    BoardModerated,
    BoardPetitionToAnswer,
    BoardPostToModerate,
)
from domain.fairness.messages.board_petitions import BoardPetitionTakenBack
from handlers.payloads.board import AnswerPetition, ModeratePost, SendPetitionAnswer
from handlers.screens.fairness.board import bold, title_of
from handlers.screens.fairness.tombstones import rule_of
from handlers.screens.layout.task_text import quoted
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Translator


@shows(BoardPostToModerate)
def to_moderate(m: BoardPostToModerate, t: Translator) -> Screen:
    text = lines(
        t("🚩 <b>A post was reported</b>: #{number}, {title}", number=m.post, title=title_of(m.title, t)),
        bold(m.name),
        quoted(m.body),
        t("Hide it only by one of these rules. The rule and your number stay in the log that everybody reads."),
    )
    hide = [
        (Button(t.plain("Hide: {rule}", rule=rule_of(rule, t)), ModeratePost(post=m.post, rule=rule).pack()),)
        for rule in RULES
    ]
    return Screen(text, ((Button(t.plain("✅ Leave it"), ModeratePost(post=m.post, rule=0).pack()),), *hide))


@shows(BoardModerated)
def moderated(m: BoardModerated, t: Translator) -> Screen:
    if m.gone:
        return Screen(t("#{number} was hidden or taken back before.", number=m.post))
    if m.decided:
        return Screen(t("An admin has decided about #{number} before: it stays.", number=m.post))
    if not m.rule:
        return Screen(t("#{number} stays.", number=m.post))
    return Screen(t("🪦 #{number} is hidden: {rule}.", number=m.post, rule=rule_of(m.rule, t)))


@shows(BoardPetitionToAnswer)
def to_answer(m: BoardPetitionToAnswer, t: Translator) -> Screen:
    text = lines(
        t("📣 <b>{count} workers ask you for something</b>: {title}", count=m.voices, title=title_of(m.title, t)),
        quoted(m.body),
        t("Answer by {day}. Your answer, or that none came, stays under their petition.", day=t.day(m.due)),
    )
    return Screen(text, ((Button(t.plain("✏️ Answer"), AnswerPetition(post=m.post).pack(), style="primary"),),))


@shows(BoardPetitionTakenBack)
def taken_back(m: BoardPetitionTakenBack, t: Translator) -> Screen:
    about = {"number": m.post, "title": title_of(m.title, t)}
    return Screen(
        lines(
            t("🪦 Petition #{number} was hidden by an admin: {title}", **about)
            if m.hidden
            else t("↩️ Petition #{number} was taken back by its writer: {title}", **about),
            t("No answer is due any more, and the board does not say that none came."),
            t("If it is shown again, we ask you again.") if m.hidden else None,
        )
    )


@shows(BoardAnswerWanted)
def answer_wanted(m: BoardAnswerWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✏️ Write your answer to petition #{number} now, in one message.", number=m.post),
            t("At most {count} characters. You see it once more before it is sent.", count=LONGEST),
        )
    )


@shows(BoardAnswerDraft)
def answer_draft(m: BoardAnswerDraft, t: Translator) -> Screen:
    text = lines(
        t("👀 This is what others will read on “{title}”:", title=title_of(m.title, t)),
        quoted(m.answer),
        t("Once it is sent, it can’t be changed."),
    )
    yes = Button(t.plain("📮 Send"), SendPetitionAnswer(post=m.post, yes=True).pack(), style="success")
    no = Button(t.plain("✖️ Do not send"), SendPetitionAnswer(post=m.post, yes=False).pack())
    return Screen(text, ((yes,), (no,)))


@shows(BoardAnswerKept)
def answer_kept(m: BoardAnswerKept, t: Translator) -> Screen:
    return Screen(lines(t("✅ Your answer stands under petition #{number}:", number=m.post), quoted(m.answer)))
