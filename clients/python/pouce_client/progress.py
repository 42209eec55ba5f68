"""A project's progress: a line for terminals, a picture for notebooks, and reasons where it goes back or rests."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

Json = Mapping[str, Any]
BAR_CHARS = 30
WIDTH, HEIGHT = 480, 22  # pixels of the picture's bar
CLOSED_COLOUR, BEGUN_COLOUR, OPEN_COLOUR = "#0072b2", "#9cc9e3", "#e6e6e6"
WHY_IT_RESTS = {
    "held": "you paused it",
    "reports": "workers reported it, until a human has looked",
    "rejections": "you rejected many answers: an admin decides",
    "suspended": "your account is suspended",
    "undelivered": "Telegram can't show its tasks: decide in the chat",
    "buttons": "Telegram refuses a button of its tasks; the operator was told",
    "questions": "a question has waited too long: answer it",
    "floor": "the reserve for the wage floor is used up: add money and launch again",
}


@dataclass(frozen=True)
class Display:
    """A step of a flow: show progress, where there is a notebook or a terminal."""

    progress: Json
    notes: tuple[str, ...] = ()
    all_notes: tuple[str, ...] = ()
    is_first: bool = True

    def show(self) -> None:
        """Show the picture in a notebook, in the place of the last one; else the line in a terminal; else nothing."""
        if is_notebook():
            from IPython.display import HTML, display  # type: ignore[import-not-found]

            picture = HTML(draw_progress(self.progress, self.all_notes))
            display(picture, display_id=f"pouce-{self.progress['number']}", update=not self.is_first)
        elif sys.stderr.isatty():
            lines = [f"\x1b[2K{note}\n" for note in self.notes]
            end = "\n" if is_over(self.progress) else "\r"
            print(*lines, f"\x1b[2K{bar(self.progress)}", sep="", end=end, file=sys.stderr, flush=True)


def is_notebook() -> bool:
    """Return whether the program runs in a notebook's kernel."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def is_over(progress: Json) -> bool:
    """Return whether the project has ended, or its pilot has all its answers and the rest waits for a launch."""
    has_more = progress["closed"] + progress.get("waiting", 0) < progress["tasks"]
    is_at_work = progress.get("begun", 0) > 0 or progress.get("in_hand", 0) > 0
    is_tried = progress.get("waiting", 0) > 0 and progress["state"] == "running" and not (has_more or is_at_work)
    return bool(progress.get("ended")) or is_tried


def bar(progress: Json) -> str:
    """Return a line: `[██████░░░░] 12/40 tasks · 57 answers · running`"""
    tasks = max(1, progress["tasks"])
    full = BAR_CHARS * progress["closed"] // tasks
    blocks = "█" * full + "░" * (BAR_CHARS - full)
    counts = f"{progress['closed']}/{progress['tasks']} tasks · {progress['submissions']} answers"
    return f"[{blocks}] {counts} · {progress['state']}"


def explain_change(before: Json | None, now: Json) -> Iterator[str]:
    """Yield why progress went back between two looks, and why the project rests since the last one."""
    if before is not None:
        if (added := now["tasks"] - before["tasks"]) > 0:
            yield f"{added} more {_plural('task', added)}: they were added to the project."
        if (opened := before["closed"] - now["closed"]) > 0:
            yield f"{opened} {_plural('task', opened)} opened again: a later answer made the result less sure."
        if (lost := before["submissions"] - now["submissions"]) > 0:
            yield f"{lost} {_plural('answer', lost)} no longer counted: rejected, or set aside."
    if before is None or before["state"] != now["state"] or before.get("rests") != now.get("rests"):
        yield from explain_rest(now)


def explain_rest(progress: Json) -> Iterator[str]:
    """Yield why nobody answers now, a sentence each; nothing for a project that runs."""
    if progress["state"] == "draft":
        yield "Not launched: it waits for your launch, or for an admin's first look."
    for reason in progress.get("rests") or ():
        yield f"It rests: {WHY_IT_RESTS.get(reason, reason)}."
    if progress.get("ended_by_admin"):
        yield "An admin stopped it."


def draw_progress(progress: Json, notes: tuple[str, ...] = ()) -> str:
    """Return the progress as HTML with a picture in SVG: closed tasks, begun ones, and what is known beside them."""
    tasks = max(1, progress["tasks"])
    closed = WIDTH * progress["closed"] / tasks
    begun = min(WIDTH - closed, WIDTH * progress.get("begun", 0) / tasks)
    label = f"{progress['closed']} of {progress['tasks']} tasks closed"
    bars = ((0.0, WIDTH, OPEN_COLOUR), (0.0, closed, CLOSED_COLOUR), (closed, begun, BEGUN_COLOUR))
    rectangles = "".join(
        f'<rect x="{left:.1f}" width="{width:.1f}" height="{HEIGHT}" fill="{colour}"/>' for left, width, colour in bars
    )
    lines = "".join(f"<div>{escape(line)}</div>" for line in (*_describe(progress), *(notes or explain_rest(progress))))
    return (
        f"<div><b>{progress['number']}: {escape(progress['title'])}</b> ({escape(progress['state'])})"
        f'<div><svg role="img" aria-label="{label}" width="{WIDTH}" height="{HEIGHT}">{rectangles}</svg></div>'
        f"<div>{label}, {progress['submissions']} answers</div>{lines}</div>"
    )


def _describe(progress: Json) -> Iterator[str]:
    currency = progress.get("currency", "")
    if "spent" in progress:
        spent, held = (Decimal(progress[name]).scaleb(-6) for name in ("spent", "held"))
        yield f"{spent:.2f} {currency} spent, {held:.2f} {currency} held"
    if progress.get("left"):
        soonest, latest = (milliseconds / 60_000 for milliseconds in progress["left"])
        yield f"{_duration(soonest)} to {_duration(latest)} left, at the pace of the last hours"
    if progress.get("right"):
        share, low, high = progress["right"]
        yield f"{share:.0%} of results are right by the check questions ({low:.0%} to {high:.0%})"
    if progress.get("to_review"):
        yield f"{progress['to_review']} {_plural('answer', progress['to_review'])} to review"
    if progress.get("questions"):
        yield f"{progress['questions']} {_plural('question', progress['questions'])} to answer"
    if progress.get("waiting"):
        yield f"{progress['waiting']} {_plural('task', progress['waiting'])} not launched yet"


def _duration(minutes: float) -> str:
    if minutes < 60:
        return f"{max(1, round(minutes))} min"
    return f"{minutes / 60:.1f} h" if minutes < 2_880 else f"{minutes / 1_440:.1f} days"


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
