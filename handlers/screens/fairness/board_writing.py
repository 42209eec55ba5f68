"""The board as its writers read it: the pen, the question, the draft, taking back."""

from domain.fairness.board import LONGEST
from domain.fairness.messages.board import (
    BoardDraft,
    BoardDraftDropped,
    BoardPen,
    BoardPenTaken,
    BoardReported,
    BoardTakeBackQuestion,
    BoardWordsWanted,
)
from domain.fairness.messages.board_contacts import BoardContact, BoardContactAsked
from domain.fairness.messages.board_words import BoardWordsLate, BoardWordsUnasked
from domain.fairness.pens import tag_of
from handlers.payloads.board import SendPost, ShowBoard, ShowPost, TakePostBack, WritePost
from handlers.screens.fairness.board import bold, in_group, title_of
from handlers.screens.layout.task_text import quoted
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Translator


@shows(BoardPen)
def pen(m: BoardPen, t: Translator) -> Screen:
    text = lines(
        t("🪶 <b>You are {name}</b>", name=m.name),
        t(
            "That is your name on “{title}” until {day}. Then you get another one.",
            title=title_of(m.title, t),
            day=t.day(m.until),
        ),
        t("Only this message knows it. We keep no copy: do not delete it."),
        t("To write later, come back to it: tap {tag}.", tag=tag_of(m.until)),
    )
    return Screen(
        text,
        (
            (Button(t.plain("✏️ Write"), WritePost(board=m.board, petition=False, pen=m.pen).pack(), style="primary"),),
            (Button(t.plain("🗣 Open the board"), ShowBoard(board=m.board, page=0, pen=m.pen).pack()),),
        ),
    )


@shows(BoardPenTaken)
def pen_taken(m: BoardPenTaken, t: Translator) -> Screen:
    text = lines(
        t("🪶 You have a name on “{title}” this month.", title=title_of(m.title, t)),
        t("Its message is further up: tap {tag}, choose it in the list, and write from there.", tag=tag_of(m.again)),
        t("Is it gone? You get a new name from {day}. We can’t look yours up: that is the point.", day=t.day(m.again)),
    )
    return Screen(text)


@shows(BoardWordsWanted)
def words_wanted(m: BoardWordsWanted, t: Translator) -> Screen:
    asked = t("✏️ <b>Write it now</b>, in one message, as {name}.", name=m.name)
    if m.reply_to:
        asked = t(
            "↪️ <b>Write your reply to #{number} now</b>, in one message, as {name}.", number=m.reply_to, name=m.name
        )
    if m.threshold:
        asked = t("📣 <b>Write what you ask for</b>, in one message, as {name}.", name=m.name)
    return Screen(
        lines(
            asked,
            t("When {count} people have signed, an answer is due within a week.", count=m.threshold)
            if m.threshold
            else None,
            t("At most {count} characters. You see it once more before it is sent.", count=LONGEST),
        )
    )


@shows(BoardDraft)
def draft(m: BoardDraft, t: Translator) -> Screen:
    text = lines(
        t("⚠️ <b>Not sent yet</b>: another group shows this board now. Look below, and press again.")
        if m.moved
        else None,
        t("👀 This is what others will read on “{title}”:", title=title_of(m.title, t)),
        bold(m.name),
        quoted(m.body),
        in_group(m.group, t),
        t("Is there nothing in it by which somebody knows you?"),
    )
    yes = Button(t.plain("📮 Send"), SendPost(yes=True).pack(), style="success")
    return Screen(text, ((yes,), (Button(t.plain("✖️ Do not send"), SendPost(yes=False).pack()),)))


@shows(BoardWordsLate)
def late(_: BoardWordsLate, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏳ <b>These words went nowhere.</b> You began to write on a board more than an hour ago."),
            t("For the board: go back to it, press the button again, and send them."),
            t("As the answer to a task: send them once more."),
        )
    )


@shows(BoardWordsUnasked)
def unasked(_: BoardWordsUnasked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✋ <b>These words went nowhere.</b> You opened a board, and your task waits for words, too."),
            t("For the board: press ✏️ Write there first, then send them."),
            t("As the answer to a task: send them once more."),
        )
    )


@shows(BoardDraftDropped)
def dropped(_: BoardDraftDropped, t: Translator) -> Screen:
    return Screen(t("Nothing was sent."))


@shows(BoardTakeBackQuestion)
def take_back(m: BoardTakeBackQuestion, t: Translator) -> Screen:
    text = lines(
        t("🗑 <b>Take #{number} back?</b>", number=m.post),
        quoted(m.body),
        t("Its text goes for good. A line that there was one stays."),
        t("It goes from the Telegram group at once, too: people there see at what minute.") if m.mirrored else None,
    )
    yes = Button(t.plain("🗑 Take it back"), TakePostBack(post=m.post, sure=True, pen=m.pen).pack(), style="danger")
    return Screen(text, ((yes,), (Button(t.plain("⬅️ Back"), ShowPost(post=m.post, page=0, pen=m.pen).pack()),)))


@shows(BoardReported)
def reported(m: BoardReported, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🚩 Thank you. An admin looks at #{number}.", number=m.post),
            t("If it is hidden, /board log says by which rule. Who reported it is not kept."),
        )
    )


@shows(BoardContactAsked)
def contact_asked(m: BoardContactAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✉️ The writer of #{number} sees that somebody would like to exchange contacts, not who.", number=m.post),
            t("If they say yes within two weeks, each of you gets the other’s @username. We keep neither."),
        )
    )


@shows(BoardContact)
def contact(m: BoardContact, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✉️ About #{number}: you both want to talk. Here is @{username}.", number=m.post, username=m.username),
            t("What you write to each other does not pass through us."),
        )
    )
