"""The same client for programs of asyncio."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import httpx

from pouce_client import requests
from pouce_client.client import NEXT, PAGE, framed
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


class AsyncClient:
    """`async with AsyncClient() as pouce:` reads POUCE_API_URL and POUCE_API_KEY."""

    def __init__(self, url: str | None = None, key: str | None = None, timeout: float = 60.0) -> None:
        base, key = settings(url, key)
        self._http = httpx.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {key}"}, timeout=timeout)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def create(self, tasks: Any, *, key: str | None = None, media_folder: Folder = "", **form: Any) -> Preflight:
        """Create a draft of a data frame, of mappings or of a file; `form` are title, instructions, options, pay …

        Local files that media columns name are sent from `media_folder`: "" is where the tasks are, None sends none."""
        return cast(Preflight, await self._json(upload("/projects", tasks, form, key, folder=media_folder)))

    async def add(self, number: int, tasks: Any, *, key: str | None = None, media_folder: Folder = "") -> Preflight:
        """Add tasks to a project; they are offered after the next launch."""
        return cast(
            Preflight, await self._json(upload(f"/projects/{number}/tasks", tasks, {}, key, folder=media_folder))
        )

    async def preflight(self, number: int) -> Preflight:
        return cast(Preflight, await self._json(get(f"/projects/{number}/preflight")))

    async def launch(self, number: int, *, most: int | None = None, key: str | None = None) -> dict[str, Any]:
        """Set the whole budget aside and start; raise Refused where that would take more than `most` millionths."""
        return await self._json(post(f"/projects/{number}/launch", key=key, most=most))

    async def ask_launch(self, number: int, *, key: str | None = None) -> LaunchAsked:
        """Ask the project's owner in the chat to launch it: for a key that may not spend so much."""
        return cast(LaunchAsked, await self._json(post(f"/projects/{number}/launch-requests", key=key)))

    async def launch_request(self, number: int) -> LaunchAsked:
        """Return what the owner decided of a launch that was asked for."""
        return cast(LaunchAsked, await self._json(get(f"/launch-requests/{number}")))

    async def clone(self, number: int, what: str = "none", *, key: str | None = None) -> Preflight:
        """Create a draft with a project's settings and none of its rows, its check questions (`gold`) or all."""
        return cast(Preflight, await self._json(post(f"/projects/{number}/clone", {"what": what}, key)))

    async def invitation(self, number: int) -> dict[str, Any]:
        """Return the link that invites people to a project."""
        return await self._json(post(f"/projects/{number}/invitation"))

    async def edit(self, number: int, **changes: Any) -> dict[str, Any]:
        """Change `title`, `instructions`, `picture` or `example`, as in a form; of a running project, this is its next
        version."""
        return await self._json(patch(f"/projects/{number}", changes))

    async def hold(self, number: int) -> Progress:
        return cast(Progress, await self._json(post(f"/projects/{number}/hold")))

    async def resume(self, number: int) -> Progress:
        return cast(Progress, await self._json(post(f"/projects/{number}/resume")))

    async def raise_pay(self, number: int, pay: str, *, key: str | None = None) -> dict[str, Any]:
        return await self._json(post(f"/projects/{number}/raise", {"pay": str(pay)}, key))

    async def stop(self, number: int, *, key: str | None = None) -> dict[str, Any]:
        """End a project; what is not needed comes back."""
        return await self._json(post(f"/projects/{number}/stop", key=key))

    async def delete(self, number: int) -> dict[str, Any]:
        """Delete a draft."""
        return await self._json(requests.delete(number))

    async def projects(self) -> AsyncIterator[ProjectLine]:
        """Yield the owner's projects, oldest first."""
        after: int | None = 0
        while after is not None:
            page = await self._json(get("/projects", after=after))
            for line in page["projects"]:
                yield line
            after = page["next_after"]

    async def progress(self, number: int) -> Progress:
        return cast(Progress, await self._json(get(f"/projects/{number}")))

    async def wait(self, number: int, *, every: float = 5.0, show: bool = True) -> Progress:
        """Wait until the project has ended and return its progress; a terminal shows how far it is."""
        while True:
            progress = await self.progress(number)
            if show and sys.stderr.isatty():
                print(bar(progress), end="\n" if is_over(progress) else "\r", file=sys.stderr, flush=True)
            if is_over(progress):
                return progress
            await asyncio.sleep(every)

    def tasks(self, number: int) -> AsyncIterator[dict[str, Any]]:
        return self._rows(number, "tasks", 0)

    def submissions(self, number: int, *, after: int = 0) -> AsyncIterator[dict[str, Any]]:
        """Yield a row an answer, behind the one whose `id` is `after`."""
        return self._rows(number, "submissions", after)

    def results(self, number: int) -> AsyncIterator[dict[str, Any]]:
        """Yield a row a task: its consensus, and how sure it is."""
        return self._rows(number, "results", 0)

    async def results_frame(self, number: int) -> pandas.DataFrame:
        return framed([row async for row in self.results(number)])

    async def submissions_frame(self, number: int) -> pandas.DataFrame:
        return framed([row async for row in self.submissions(number)])

    async def file(self, number: int, what: str, form: str = "csv") -> bytes:
        """Return a table as a file: `what` is tasks, submissions or results; `form` csv, jsonl, parquet, xlsx …"""
        return (await self._sent(table(f"/projects/{number}/{what}", format=form))).content

    async def review(self, number: int, *, after: int = 0) -> dict[str, Any]:
        """Return answers that wait for your decision."""
        return await self._json(get(f"/projects/{number}/review", after=after))

    async def accept(self, submission: int) -> dict[str, Any]:
        return await self._json(post(f"/submissions/{submission}/accept"))

    async def reject(self, submission: int, line: int, reason: str) -> dict[str, Any]:
        return await self._json(post(f"/submissions/{submission}/reject", {"line": line, "reason": reason}))

    async def redo(self, submission: int, reason: str) -> dict[str, Any]:
        """Accept the answer and ask its worker for it once more, paid again."""
        return await self._json(post(f"/submissions/{submission}/redo", {"reason": reason}))

    async def bonus(self, worker: str, amount: str, reason: str, *, key: str | None = None) -> dict[str, Any]:
        body = {"worker": worker, "amount": str(amount), "reason": reason}
        return await self._json(post("/bonuses", body, key))

    async def review_prediction(
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
        """Send a model's answer: decided at once where the model may decide, else by people: `reviewed`, or the webhook
        task.closed."""
        body = {"project": project, "input": dict(input), "prediction": prediction, "confidence": confidence}
        fields = {**body, "model": model, "id": id, "threshold": threshold}
        return cast(Review, await self._json(post("/reviews", fields, key)))

    async def reviewed(self, number: int) -> Review:
        """Return how the review of a prediction stands."""
        return cast(Review, await self._json(get(f"/reviews/{number}")))

    async def balance(self) -> Balance:
        return cast(Balance, await self._json(get("/balance")))

    async def fund(self, amount: str) -> dict[str, Any]:
        """Return where to send money, and under which reference."""
        return await self._json(post("/funding", {"amount": str(amount)}))

    async def make_gold(self, number: int, task: str, answers: list[str], reason: str = "") -> dict[str, Any]:
        return await self._json(post(f"/projects/{number}/gold", {"task": task, "answers": answers, "reason": reason}))

    async def contested(self, number: int) -> dict[str, Any]:
        return await self._json(get(f"/projects/{number}/gold/contested"))

    async def decide_gold(self, challenge: int, stands: bool) -> dict[str, Any]:
        return await self._json(post(f"/gold/contested/{challenge}", {"stands": stands}))

    async def questions(self, number: int) -> dict[str, Any]:
        return await self._json(get(f"/projects/{number}/questions"))

    async def answer(self, question: int, words: str) -> dict[str, Any]:
        return await self._json(post(f"/questions/{question}/answer", {"answer": words}))

    async def _rows(self, number: int, what: str, after: int) -> AsyncIterator[dict[str, Any]]:
        next_after: str | None = str(after)
        while next_after is not None:
            page = await self._sent(table(f"/projects/{number}/{what}", after=next_after, limit=PAGE))
            for line in page.content.splitlines():
                yield json.loads(line)
            next_after = page.headers.get(NEXT)

    async def _json(self, request: Request) -> dict[str, Any]:
        return cast("dict[str, Any]", (await self._sent(request)).json())

    async def _sent(self, request: Request) -> httpx.Response:
        """Send a request, again after a passing failure, and return the answer.

        Raise Refused if the service refuses, Unreachable if all tries fail."""
        reason, maybe_done = "", False
        for attempt in range(1, TRIES + 1):
            retry_after = None
            try:
                options = request.options(self._http.timeout)
                answer = await self._http.request(request.method, request.path, **options)
            except httpx.TransportError as error:
                reason, maybe_done = str(error) or type(error).__name__, True
            else:
                if answer.status_code not in PASSING:
                    return checked(answer, request, maybe_done)
                reason, retry_after = f"HTTP {answer.status_code}", answer.headers.get("Retry-After")
                maybe_done = maybe_done or answer.status_code != TOO_OFTEN
            if attempt < TRIES:
                await asyncio.sleep(requests.wait(attempt, retry_after))
        raise Unreachable(str(self._http.base_url), reason, request.key)
