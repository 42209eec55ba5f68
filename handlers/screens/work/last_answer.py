"""What is said of the answer before, above what follows it."""

from domain.work.messages import LastAnswer, Miss, MissExplained
from handlers.screens.answers import screen_of
from handlers.screens.layout.fitting import CAPTION, MESSAGE, clipped, visible
from handlers.screens.layout.task_text import FEW
from handlers.screens.screen import Screen, lines, shows
from handlers.screens.work.corrections import contest
from locales import Html, Translator

SHOWN, WORDS = 5, 100  # right answers named after a miss, and characters of each


def said_of_last(last: LastAnswer | None, t: Translator, room: int = MESSAGE) -> Html | None:
    """What a check question teaches, or that what was sent has arrived."""
    if last is None:
        return None
    return _received(last, t) if last.miss is None else explained(last.miss, t, room)


def _received(last: LastAnswer, t: Translator) -> Html | None:
    """What was sent instead of pressed has arrived, and what it brought."""
    if last.received is None:
        return None
    pay = t.money(last.received, last.currency)
    return t("✅ Received. {pay} pending", pay=pay) if last.held else t("✅ Received. + {pay}", pay=pay)


def explained(miss: Miss, t: Translator, room: int = MESSAGE) -> Html:
    """What a check question teaches; it was paid all the same."""
    most, length = (SHOWN, WORDS) if room > CAPTION else (1, FEW)
    about = screen_of(miss.kind)
    right = clipped(about.right([clipped(answer, length) for answer in miss.gold], most, t), most * length)
    said = clipped(about.said(miss.answer, t), length) if miss.answer else ""
    first = (
        t(
            "💡 <b>We knew the answer to the last one:</b> {right}, not {said}. You are paid all the same.",
            right=right,
            said=said,
        )
        if said
        else t("💡 <b>We knew the answer to the last one:</b> {right}. You are paid all the same.", right=right)
    )
    left = room - visible(first) - 2 * FEW
    reason = clipped(miss.reason, left) if miss.reason and left > FEW else None
    return lines(first, t("Why: {reason}", reason=reason) if reason else None, " ")


@shows(MissExplained)
def missed(message: MissExplained, t: Translator) -> Screen:
    return Screen(explained(message.miss, t), contest(message.miss, t))
