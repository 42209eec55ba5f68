"""The client for programs that wait for each answer."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import httpx

from pouce_client import requests
from pouce_client.errors import Unreachable
from pouce_client.progress import bar, is_over
from pouce_client.requests import (
    PASSING,
    TOO_OFTEN,
    TRIES,
    Folder,
    Request,
    checked,
    get,
    patch,
    post,
    settings,
    table,
    upload,
)
from pouce_client.shapes import Balance, LaunchAsked, Preflight, Progress, ProjectLine, Review

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]

PAGE = 1_000  # rows asked for at a time
NEXT = "Pouce-Next-After"


class Client:
    """`with Client() as pouce:` reads POUCE_API_URL and POUCE_API_KEY."""

    def __init__(self, url: str | None = None, key: str | None = None, timeout: float = 60.0) -> None:
        base, key = settings(url, key)
        self._http = httpx.Client(base_url=base, headers={"Authorization": f"Bearer {key}"}, timeout=timeout)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def create(self, tasks: Any, *, key: str | None = None, media_folder: Folder = "", **form: Any) -> Preflight:
        """A draft of a data frame, of mappings or of a file; `form` are title, instructions, options, pay … Local
        files that media columns name are sent from `media_folder`: "" is where the tasks are, None sends none."""
        return cast(Preflight, self._json(upload("/projects", tasks, form, key, folder=media_folder)))

    def add(self, number: int, tasks: Any, *, key: str | None = None, media_folder: Folder = "") -> Preflight:
        """More tasks: offered after the next launch."""
        return cast(Preflight, self._json(upload(f"/projects/{number}/tasks", tasks, {}, key, folder=media_folder)))

    def preflight(self, number: int) -> Preflight:
        return cast(Preflight, self._json(get(f"/projects/{number}/preflight")))

    def launch(self, number: int, *, most: int | None = None, key: str | None = None) -> dict[str, Any]:
        """Sets the whole budget aside and starts; where that would take more than `most` millionths, it is refused."""
        return self._json(post(f"/projects/{number}/launch", key=key, most=most))

    def ask_launch(self, number: int, *, key: str | None = None) -> LaunchAsked:
        """Asks its owner in the chat to launch it: for a key that may not spend so much."""
        return cast(LaunchAsked, self._json(post(f"/projects/{number}/launch-requests", key=key)))

    def launch_request(self, number: int) -> LaunchAsked:
        """What became of it."""
        return cast(LaunchAsked, self._json(get(f"/launch-requests/{number}")))

    def clone(self, number: int, what: str = "none", *, key: str | None = None) -> Preflight:
        """A new draft with its settings, and none of its rows, its check questions (`gold`) or all of them."""
        return cast(Preflight, self._json(post(f"/projects/{number}/clone", {"what": what}, key)))

    def invitation(self, number: int) -> dict[str, Any]:
        """The link that invites people to it."""
        return self._json(post(f"/projects/{number}/invitation"))

    def edit(self, number: int, **said: Any) -> dict[str, Any]:
        """`title`, `instructions`, `picture` and `example` as in a form; of a running project, its next version."""
        return self._json(patch(f"/projects/{number}", said))

    def hold(self, number: int) -> Progress:
        return cast(Progress, self._json(post(f"/projects/{number}/hold")))

    def resume(self, number: int) -> Progress:
        return cast(Progress, self._json(post(f"/projects/{number}/resume")))

    def raise_pay(self, number: int, pay: str, *, key: str | None = None) -> dict[str, Any]:
        return self._json(post(f"/projects/{number}/raise", {"pay": str(pay)}, key))

    def stop(self, number: int, *, key: str | None = None) -> dict[str, Any]:
        """Ends it; what is not needed comes back."""
        return self._json(post(f"/projects/{number}/stop", key=key))

    def delete(self, number: int) -> dict[str, Any]:
        """A draft."""
        return self._json(requests.delete(number))

    def projects(self) -> Iterator[ProjectLine]:
        """Oldest first."""
        after: int | None = 0
        while after is not None:
            page = self._json(get("/projects", after=after))
            yield from page["projects"]
            after = page["next_after"]

    def progress(self, number: int) -> Progress:
        return cast(Progress, self._json(get(f"/projects/{number}")))

    def wait(self, number: int, *, every: float = 5.0, show: bool = True) -> Progress:
        """Until the project has ended; shows how far it is where there is a terminal."""
        while True:
            found = self.progress(number)
            if show and sys.stderr.isatty():
                print(bar(found), end="\n" if is_over(found) else "\r", file=sys.stderr, flush=True)
            if is_over(found):
                return found
            time.sleep(every)

    def tasks(self, number: int) -> Iterator[dict[str, Any]]:
        return self._rows(number, "tasks", 0)

    def submissions(self, number: int, *, after: int = 0) -> Iterator[dict[str, Any]]:
        """One row an answer, behind the one whose `id` is `after`."""
        return self._rows(number, "submissions", after)

    def results(self, number: int) -> Iterator[dict[str, Any]]:
        """One row a task: its consensus, and how sure it is."""
        return self._rows(number, "results", 0)

    def results_frame(self, number: int) -> pandas.DataFrame:
        return framed(list(self.results(number)))

    def submissions_frame(self, number: int) -> pandas.DataFrame:
        return framed(list(self.submissions(number)))

    def file(self, number: int, what: str, form: str = "csv") -> bytes:
        """`what` is tasks, submissions or results; `form` csv, jsonl, parquet, xlsx …"""
        return self._sent(table(f"/projects/{number}/{what}", format=form)).content

    def review(self, number: int, *, after: int = 0) -> dict[str, Any]:
        """Answers that wait for your decision."""
        return self._json(get(f"/projects/{number}/review", after=after))

    def accept(self, submission: int) -> dict[str, Any]:
        return self._json(post(f"/submissions/{submission}/accept"))

    def reject(self, submission: int, line: int, reason: str) -> dict[str, Any]:
        return self._json(post(f"/submissions/{submission}/reject", {"line": line, "reason": reason}))

    def redo(self, submission: int, reason: str) -> dict[str, Any]:
        """Accepts the answer and asks its worker for it once more, paid again."""
        return self._json(post(f"/submissions/{submission}/redo", {"reason": reason}))

    def bonus(self, worker: str, amount: str, reason: str, *, key: str | None = None) -> dict[str, Any]:
        body = {"worker": worker, "amount": str(amount), "reason": reason}
        return self._json(post("/bonuses", body, key))

    def review_prediction(
        self,
        project: int,
        input: Mapping[str, Any],
        prediction: str,
        confidence: float | None = None,
        *,
        id: str | None = None,
        model: str = "",
        threshold: float = 0.0,
        key: str | None = None,
    ) -> Review:
        """Decided at once where the model may decide, else by people: `reviewed`, or the webhook task.closed."""
        body = {"project": project, "input": dict(input), "prediction": prediction, "confidence": confidence}
        told = {**body, "model": model, "id": id, "threshold": threshold}
        return cast(Review, self._json(post("/reviews", told, key)))

    def reviewed(self, number: int) -> Review:
        """How it stands."""
        return cast(Review, self._json(get(f"/reviews/{number}")))

    def balance(self) -> Balance:
        return cast(Balance, self._json(get("/balance")))

    def fund(self, amount: str) -> dict[str, Any]:
        """Where to send money, and under which reference."""
        return self._json(post("/funding", {"amount": str(amount)}))

    def make_gold(self, number: int, task: str, answers: list[str], reason: str = "") -> dict[str, Any]:
        return self._json(post(f"/projects/{number}/gold", {"task": task, "answers": answers, "reason": reason}))

    def contested(self, number: int) -> dict[str, Any]:
        return self._json(get(f"/projects/{number}/gold/contested"))

    def decide_gold(self, challenge: int, stands: bool) -> dict[str, Any]:
        return self._json(post(f"/gold/contested/{challenge}", {"stands": stands}))

    def questions(self, number: int) -> dict[str, Any]:
        return self._json(get(f"/projects/{number}/questions"))

    def answer(self, question: int, words: str) -> dict[str, Any]:
        return self._json(post(f"/questions/{question}/answer", {"answer": words}))

    def _rows(self, number: int, what: str, after: int) -> Iterator[dict[str, Any]]:
        told: str | None = str(after)
        while told is not None:
            page = self._sent(table(f"/projects/{number}/{what}", after=told, limit=PAGE))
            yield from map(json.loads, page.content.splitlines())
            told = page.headers.get(NEXT)

    def _json(self, request: Request) -> dict[str, Any]:
        return cast("dict[str, Any]", self._sent(request).json())

    def _sent(self, request: Request) -> httpx.Response:
        reason, lost = "", False
        for attempt in range(1, TRIES + 1):
            told = None
            try:
                how = request.told(self._http.timeout)
                answer = self._http.request(request.method, request.path, **how)
            except httpx.TransportError as error:
                reason, lost = str(error) or type(error).__name__, True
            else:
                if answer.status_code not in PASSING:
                    return checked(answer, request, lost)
                reason, told = f"HTTP {answer.status_code}", answer.headers.get("Retry-After")
                lost = lost or answer.status_code != TOO_OFTEN
            if attempt < TRIES:
                time.sleep(requests.wait(attempt, told))
        raise Unreachable(str(self._http.base_url), reason, request.key)


def framed(rows: list[dict[str, Any]]) -> pandas.DataFrame:
    import pandas

    return pandas.DataFrame(rows)
