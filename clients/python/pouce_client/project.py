"""One project: what a requester does with it, written once as flows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from pouce_client.calls import Calls, Row
from pouce_client.core import Flow, Rows, call, stream
from pouce_client.media import Folder
from pouce_client.models import (
    Amount,
    Answer,
    Invitation,
    Launch,
    Preflight,
    Progress,
    Quality,
    Stop,
    Table,
    WaitingAnswer,
)

FORMAT_BY_ENDING = {".json": "coco", ".zip": "yolo", ".tsv": "toloka"}  # where the ending is not the format's name


class ProjectCalls:
    """What can be done with the project `number`. Amounts are Decimals of the currency."""

    number: int
    client: Any  # whose flows are called: a Client or an AsyncClient
    last: Answer | None = None  # the newest card or progress
    _is_launched = False

    def _remember(self, answer: Answer) -> Self:
        self.last = answer
        return self

    def _draw(self) -> str:
        return self.last._repr_html_() if self.last is not None else f"<b>Project {self.number}</b>"

    def __repr__(self) -> str:
        known = f": {self.last['title']}, {self.last['state']}" if self.last is not None else ""
        return f"<{type(self).__name__} {self.number}{known}>"

    @call
    def preflight(self) -> Flow[Preflight]:
        """Return what a launch costs, and what workers will see."""
        card = yield from Calls.preflight(self.client, self.number)
        self._remember(card)
        return card

    @call
    def add(self, tasks: Any, *, media: Folder = "", key: str | None = None) -> Flow[Preflight]:
        """Add tasks; they are offered after the next launch."""
        card = yield from Calls.add(self.client, self.number, tasks, media=media, key=key)
        self._remember(card)
        return card

    @call
    def edit(self, /, **changes: Any) -> Flow[Row]:
        """Change `title`, `instructions`, `picture` or `example`."""
        return (yield from Calls.edit(self.client, self.number, **changes))

    @call
    def launch(self, *, budget: Amount | None = None, key: str | None = None) -> Flow[Launch]:
        """Set the whole budget aside and start; raise Refused where that would take more than `budget`. A first project
        may wait for an admin's look."""
        launch = yield from Calls.launch(self.client, self.number, budget=budget, key=key)
        self._is_launched = True
        return launch

    @call
    def pilot(self, *, budget: Amount | None = None, key: str | None = None) -> Flow[Launch]:
        """Start ten of the draft's tasks first; `launch` starts the rest."""
        launch = yield from Calls.pilot(self.client, self.number, budget=budget, key=key)
        self._is_launched = True
        return launch

    @call
    def progress(self) -> Flow[Progress]:
        """Return how the project stands."""
        progress = yield from Calls.progress(self.client, self.number)
        self._remember(progress)
        return progress

    @call
    def wait(self, *, every: float = 5.0, show: bool = True, timeout: float | None = None) -> Flow[Progress]:
        """Wait until the project has ended, or its pilot is answered; a notebook or a terminal shows how far it is, and
        why where it goes back or rests.

        Raise ValueError for a draft that was not launched from here, TimeoutError after `timeout` seconds."""
        if not self._is_launched:
            now = yield from Calls.progress(self.client, self.number)
            if now.state == "draft":
                raise ValueError(f"project {self.number} is a draft: launch it, or try it with a pilot")
        progress = yield from Calls.wait(self.client, self.number, every=every, show=show, timeout=timeout)
        self._remember(progress)
        return progress

    @call
    def hold(self) -> Flow[Progress]:
        """Pause the project."""
        return (yield from Calls.hold(self.client, self.number))

    @call
    def resume(self) -> Flow[Progress]:
        """Let the paused project go on."""
        return (yield from Calls.resume(self.client, self.number))

    @call
    def raise_pay(self, pay: Amount, *, key: str | None = None) -> Flow[Row]:
        """Raise the pay of an answer; of a draft, set it."""
        return (yield from Calls.raise_pay(self.client, self.number, pay, key=key))

    @call
    def invitation(self) -> Flow[Invitation]:
        """Return the link that invites people."""
        return (yield from Calls.invitation(self.client, self.number))

    @call
    def stop(self, *, key: str | None = None) -> Flow[Stop]:
        """End the project; what is not needed comes back."""
        return (yield from Calls.stop(self.client, self.number, key=key))

    @call
    def delete(self) -> Flow[Row]:
        """Delete the draft."""
        return (yield from Calls.delete(self.client, self.number))

    @call
    def quality(self) -> Flow[Quality]:
        """Return agreement, results on check questions, models and workers."""
        return (yield from Calls.quality(self.client, self.number))

    @call
    def ask_more(self, overlap: int, *, key: str | None = None) -> Flow[Row]:
        """Ask for `overlap` answers to each task."""
        return (yield from Calls.ask_more(self.client, self.number, overlap, key=key))

    @call
    def results(self) -> Flow[Table]:
        """Return a row a task: its columns, the consensus, and how sure it is."""
        return (yield from Calls.read_table(self.client, self.number, "results"))

    @call
    def submissions(self, *, after: int = 0) -> Flow[Table]:
        """Return a row an answer, behind the one whose `id` is `after`."""
        return (yield from Calls.read_table(self.client, self.number, "submissions", after))

    @call
    def tasks(self) -> Flow[Table]:
        """Return a row a task, as it was sent."""
        return (yield from Calls.read_table(self.client, self.number, "tasks"))

    @call
    def save(self, path: str | Path, form: str | None = None, *, what: str = "results") -> Flow[Path]:
        """Write results (or submissions, or tasks) to a file and return its path. Without a `form` the ending decides:
        .json is COCO, .zip YOLO, .tsv Toloka's, others are called like their format."""
        path = Path(path)
        form = form or FORMAT_BY_ENDING.get(path.suffix, path.suffix.removeprefix("."))
        path.write_bytes((yield from Calls.file(self.client, self.number, what, form)))
        return path

    @stream(WaitingAnswer)
    def review(self) -> Flow[None]:
        """Yield the answers that wait for your decision, for `accept`, `reject` and `redo`."""
        after: int | None = 0
        while after is not None:
            page = yield from Calls.review(self.client, self.number, after=after)
            yield Rows(page.answers)
            after = page.next_after

    @call
    def accept(self, answer: WaitingAnswer | int) -> Flow[Row]:
        """Pay an answer now."""
        return (yield from Calls.accept(self.client, get_submission(answer)))

    @call
    def reject(self, answer: WaitingAnswer | int, line: int, reason: str) -> Flow[Row]:
        """Reject an answer by a line of the instructions, from 1; the worker may appeal."""
        return (yield from Calls.reject(self.client, get_submission(answer), line, reason))

    @call
    def redo(self, answer: WaitingAnswer | int, reason: str) -> Flow[Row]:
        """Accept an answer and ask its worker for it once more, paid again."""
        return (yield from Calls.redo(self.client, get_submission(answer), reason))

    @call
    def bonus(self, worker: str, amount: Amount, reason: str, *, key: str | None = None) -> Flow[Row]:
        """Thank a worker, by the pseudonym of the submissions."""
        return (yield from Calls.bonus(self.client, worker, amount, reason, key=key))

    @call
    def make_gold(self, task: str, answers: list[str], reason: str = "") -> Flow[Row]:
        """Make a task a check question."""
        return (yield from Calls.make_gold(self.client, self.number, task, answers, reason))

    @call
    def questions(self) -> Flow[Row]:
        """Return workers' questions that wait for an answer, and the newest answers."""
        return (yield from Calls.questions(self.client, self.number))

    @call
    def answer(self, question: int, words: str) -> Flow[Row]:
        """Answer a worker's question."""
        return (yield from Calls.answer(self.client, question, words))


def get_submission(answer: WaitingAnswer | int) -> int:
    """Return the number of an answer that is to be decided."""
    return answer.submission if isinstance(answer, WaitingAnswer) else answer
