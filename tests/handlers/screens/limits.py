"""The limits of the screens that people read at a glance: characters of their samples, in every language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape

from domain.fairness.appeals import AnswerRejected
from domain.messages import Message
from domain.money.amounts import Millionths
from domain.money.payouts import HolderAsked, NothingToPayOut, PayoutCard, PayoutRequested
from domain.money.wallet import Balance
from domain.people.onboarding import Help, Ready, Welcome
from domain.work.messages import Changed, MissExplained, NothingNow, Submitted, TaskShown
from domain.work.offers import Skipped
from handlers.screen import Screen, render, toast_of, visible_length
from handlers.work.honest_card import format_card
from locales import translator
from tests.handlers.screens import work_samples
from tests.handlers.screens.samples import SAMPLES

Painter = Callable[[str], Iterable[Screen]]


@dataclass(frozen=True, slots=True)
class LimitedScreen:
    """A screen, the characters it may have, and what paints its samples in a language. `is_part`: it is part of a
    message."""

    name: str
    max_chars: int
    paint: Painter
    is_part: bool = False

    def paint_longest(self, language: str) -> Screen:
        """Paint the sample with the most characters."""
        return max(self.paint(language), key=lambda painted: visible_length(painted.text))


def _of(*messages: type[Message]) -> Painter:
    """Return what paints every sample of these messages."""
    return lambda language: (
        render(message.stored_as, facts, language) for message in messages for facts in SAMPLES[message.stored_as]
    )


def _of_samples(*samples: Message) -> Painter:
    return lambda language: (render(sample.stored_as, sample, language) for sample in samples)


def _paint_headers(language: str) -> Iterable[Screen]:
    """Paint the first line of tasks whose instructions are folded, one of them with the longest title."""
    folded = replace(work_samples.TASK, folded=True)
    for task in (folded, replace(folded, title=work_samples.LONG_TASK.title)):
        shown = render(task.stored_as, task, language)
        yield replace(shown, text=shown.text.partition("\n")[0])


def _paint_words_before_tasks(language: str) -> Iterable[Screen]:
    """Paint what stands above a task: feedback on the last answer, progress, changed instructions."""
    for sample in work_samples.MESSAGES:
        if isinstance(sample, TaskShown) and sample.card is None and not sample.exchange:
            words, _, _ = render(sample.stored_as, sample, language).text.partition(f"<b>{escape(sample.title)}</b>")
            yield Screen(words.strip())


def _paint_cards(language: str) -> Iterable[Screen]:
    for card in (work_samples.CARD, work_samples.KNOWN, work_samples.UNMEASURED):
        yield Screen(format_card(work_samples.TASK, card, translator(language)))


def _paint_toasts(language: str) -> Iterable[Screen]:
    pay = Millionths(50_000)
    submissions = (Submitted(pay, "EUR", held, missed=missed) for held in (True, False) for missed in (True, False))
    for result in (
        *submissions,
        Changed(False),
        Changed(True),
        Changed(True, missed=True),
        *map(Skipped, (None, 0, 3)),
    ):
        yield Screen(toast_of(result, translator(language)).text)


LIMITED_SCREENS = (
    LimitedScreen("header of a task", 60, _paint_headers, is_part=True),
    LimitedScreen("first card of a project", 350, _paint_cards, is_part=True),
    LimitedScreen("toast of an answer", 40, _paint_toasts, is_part=True),
    LimitedScreen(
        "summary of a run, and nothing to do",
        120,
        _of_samples(
            *(NothingNow(last) for last in (None, work_samples.CHANGEABLE, work_samples.ENDED)),
            NothingNow(replace(work_samples.IN_PLACE, recap=work_samples.RECAP)),
        ),
    ),
    LimitedScreen("welcome", 450, _of(Welcome)),
    LimitedScreen("after “I agree”", 450, _of(Ready)),
    LimitedScreen("page of help", 500, _of(Help)),
    LimitedScreen("balance", 400, _of(Balance)),
    LimitedScreen("words above a task", 200, _paint_words_before_tasks, is_part=True),
    LimitedScreen("missed check question", 300, _of(MissExplained)),
    LimitedScreen("payout", 300, _of(PayoutCard, NothingToPayOut, PayoutRequested, HolderAsked)),
    LimitedScreen("rejection", 300, _of(AnswerRejected)),
)
