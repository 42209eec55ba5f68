"""Buttons for the texts that are too long for a message that shows a task."""

from collections.abc import Callable, Iterator

from domain.projects.tasks import TaskContent
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button
from locales import Translator

NAMED, BESIDE = 20, 2  # characters of a column's name; buttons in a row


def to_read(content: TaskContent, read: Callable[[int], str], t: Translator) -> Iterator[tuple[Button, ...]]:
    """`read` is the button's data for a column."""
    for at in range(0, len(content.cut), BESIDE):
        yield tuple(
            Button(t.plain("📖 Read {label}", label=clipped(each.label, NAMED)), read(each.column))
            for each in content.cut[at : at + BESIDE]
        )
