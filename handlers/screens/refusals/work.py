"""Tasks, answers and their changes."""

from domain.answers import Wants
from domain.refusals import (
    AlreadyAnswered,
    AlreadySkipped,
    AnswerUnfit,
    AnswerUnknown,
    ChangeFirst,
    Leaving,
    NothingLeft,
    NotYours,
    PageOutdated,
    SentBefore,
    TooLate,
    TooLateToChange,
    TooManyQuestions,
    TooManyReports,
    TooQuick,
)
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Screen, refuses
from locales import Translator

NAMED = 300  # characters of a list of what would do


@refuses(NotYours)
def not_yours(_: NotYours, t: Translator) -> Screen:
    return Screen(t("This task is not yours. /work gives you one."))


@refuses(AlreadyAnswered)
def already_answered(_: AlreadyAnswered, t: Translator) -> Screen:
    return Screen(t("You have already answered this task. Your first answer counts, and it is paid once."))


@refuses(TooLateToChange)
def too_late_to_change(r: TooLateToChange, t: Translator) -> Screen:
    return Screen(
        {
            "time": t("An answer can be changed for a minute. Yours stands, and your pay with it."),
            "again": t("The time to do this once more is over. Your first answer stands, and stays paid."),
            "told": t("We have told you the right answer, so yours stands. You are paid all the same."),
            "looked": t("The requester is looking at this answer already, so it stays as it is."),
            "decided": t("The requester has decided about this answer already, so it stays as it is."),
        }[r.why]
    )


@refuses(ChangeFirst)
def change_first(_: ChangeFirst, t: Translator) -> Screen:
    return Screen(t("Finish changing your answer first, in the message below, or press “Keep my answer”."))


@refuses(PageOutdated)
def page_outdated(_: PageOutdated, t: Translator) -> Screen:
    return Screen(t("This page is out of date. Close it, and open it again from the chat."))


@refuses(Leaving)
def leaving(_: Leaving, t: Translator) -> Screen:
    return Screen(t("You are leaving: in a moment everything about you is erased. After that /start begins anew."))


@refuses(TooQuick)
def too_quick(_: TooQuick, t: Translator) -> Screen:
    return Screen(t("This message has just changed. Your press did not count: look, then press again."))


@refuses(SentBefore)
def sent_before(_: SentBefore, t: Translator) -> Screen:
    return Screen(
        t(
            "You sent this before your new task was there, so it is no answer to it. Look at the task above, then answer."
        )
    )


@refuses(NothingLeft)
def nothing_left(_: NothingLeft, t: Translator) -> Screen:
    return Screen(t("There is no task of this project for you now. /tasks shows what there is."))


@refuses(AlreadySkipped)
def already_skipped(_: AlreadySkipped, t: Translator) -> Screen:
    return Screen(t("You have given this task back, and that costs you nothing. /work shows the one you have."))


@refuses(TooLate)
def too_late(_: TooLate, t: Translator) -> Screen:
    return Screen(
        t("This task has gone to others in the meantime. Nothing is held against you. /work gives you another.")
    )


@refuses(TooManyQuestions)
def too_many_questions(r: TooManyQuestions, t: Translator) -> Screen:
    return Screen(
        t.n(
            "You have asked {count} question today. Tomorrow you can ask again.",
            "You have asked {count} questions today. Tomorrow you can ask again.",
            r.most,
        )
    )


@refuses(TooManyReports)
def too_many_reports(r: TooManyReports, t: Translator) -> Screen:
    return Screen(
        t.n(
            "You have reported {count} task today. Tomorrow you can report again; skipping costs nothing.",
            "You have reported {count} tasks today. Tomorrow you can report again; skipping costs nothing.",
            r.most,
        )
    )


@refuses(AnswerUnknown)
def answer_unknown(r: AnswerUnknown, t: Translator) -> Screen:
    return Screen(t("This is not one of the answers: {expected}", expected=clipped(", ".join(r.expected), NAMED)))


@refuses(AnswerUnfit)
def answer_unfit(r: AnswerUnfit, t: Translator) -> Screen:
    limit = r.limit
    return Screen(
        {
            "nothing_chosen": t("Nothing is chosen yet. Choose first; if you don't know, press “Can't tell”."),
            "not_placed": t.n("{count} has no place yet.", "{count} have no place yet.", limit),
            "not_a_number": t("This is not a number I can read. Write the number alone, like this: 12 or 12.5"),
            "text_length": t("An answer has 1 to {limit} characters.", limit=t.number(limit)),
            Wants.PHOTO: t("This task is answered with a photo."),
            Wants.VOICE: t("This task is answered with a voice message."),
            Wants.LOCATION: t("This task is answered with a place."),
            Wants.PAGE: t("This task is answered on a page: press the button under it."),
            "shapes": t("I cannot read this drawing. Open the task again and send it once more."),
            "shapes_at_most": t("These are too many: {limit} at most.", limit=t.number(limit)),
            "shape_outside": t("Something is marked outside of what the task shows."),
            "shape_small": t("Something is too small to be seen. Draw it larger."),
            "shape_corners": t("An outline has 3 to {limit} corners.", limit=t.number(limit)),
            "seen_before": t("This one was handed in before. Please send another one."),
            "too_few": t.n("Choose at least {count}.", "Choose at least {count}.", limit),
            "too_many": t.n("Choose {count} at most.", "Choose {count} at most.", limit),
            "too_short": t.n("Write at least {count} character.", "Write at least {count} characters.", limit),
            "too_long": t.n("Write {count} character at most.", "Write {count} characters at most.", limit),
            "too_small": t("The number must be {limit} or more.", limit=t.number(limit)),
            "too_great": t("The number must be {limit} or less.", limit=t.number(limit)),
            "pattern": t(
                "The requester expects another form of answer. Please read the question again. {words}",
                words=clipped(r.words, NAMED),
            ),
            "album": t("One at a time: the first of these was taken, the others were not."),
        }[r.what]
    )
