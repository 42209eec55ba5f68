"""The calls of the API, each written once as a flow."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx

from pouce_client.core import Flow, Pause, Rows, call, fetch, stream
from pouce_client.media import Folder, make_files
from pouce_client.models import (
    Amount,
    Balance,
    Invitation,
    Invoice,
    Launch,
    LaunchAsked,
    Preflight,
    Progress,
    ProjectLine,
    Quality,
    Review,
    Stop,
    Table,
    WaitingAnswers,
    to_millionths,
    write_amount,
)
from pouce_client.progress import Display, explain_change, is_over
from pouce_client.requests import Request, delete, get, patch, post, put, table, upload

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]

PAGE = 1_000  # rows asked for at a time
NEXT = "Pouce-Next-After"
Row = dict[str, Any]


class Calls:
    """Every call of the API. Amounts that a call takes are texts, numbers or Decimals of the currency, such as
    "0.05"; `key` names a request that is done once, however often a program sends it."""

    address: str

    @call
    def create(
        self, /, tasks: Any, *, key: str | None = None, media: Folder = "", media_folder: Folder = "", **form: Any
    ) -> Flow[Preflight]:
        """Create a draft of a data frame, of mappings, of a file, or of a folder of pictures, sounds or videos; `form`
        are title, instructions, options, pay …

        Local files that media columns name are sent from the folder `media` (or `media_folder`): "" is where the tasks
        are, None sends none. An https address as `media` is that of a ZIP, which the service fetches. More than
        18 MB are sent in several requests."""
        if isinstance(media, str) and media.startswith(("https://", "http://")):
            form, media = {**form, "media": media}, None
        first, *others = make_files(tasks, media_folder if media == "" else media)
        card = yield from self._json(upload("/projects", first, form, key))
        if others and not card.get("again"):
            card = yield from self._add_files(card["number"], others, key, first_place=1)
        return Preflight(card)

    @call
    def add(
        self, number: int, tasks: Any, *, key: str | None = None, media: Folder = "", media_folder: Folder = ""
    ) -> Flow[Preflight]:
        """Add tasks to a project; they are offered after the next launch."""
        files = make_files(tasks, media_folder if media == "" else media)
        return Preflight((yield from self._add_files(number, files, key)))

    def _add_files(
        self, number: int, files: list[tuple[str, bytes]], key: str | None, first_place: int = 0
    ) -> Flow[Row]:
        """Send files one by one; each has a key of its own, made of `key` and its place."""
        card: Row = {}
        for place, file in enumerate(files, first_place):
            name = f"{key} {place}" if key and place else key
            card = yield from self._json(upload(f"/projects/{number}/tasks", file, {}, name))
        return card

    @call
    def preflight(self, number: int) -> Flow[Preflight]:
        """Return what a launch costs, and what workers will see."""
        return Preflight((yield from self._json(get(f"/projects/{number}/preflight"))))

    @call
    def launch(
        self, number: int, *, budget: Amount | None = None, most: int | None = None, key: str | None = None
    ) -> Flow[Launch]:
        """Set the whole budget aside and start; raise Refused where that would take more than `budget` (`most`: the
        same in millionths). A first project may wait for an admin's look."""
        limit = most if budget is None else to_millionths(budget)
        return Launch((yield from self._json(post(f"/projects/{number}/launch", key=key, most=limit))))

    @call
    def pilot(
        self, number: int, *, budget: Amount | None = None, most: int | None = None, key: str | None = None
    ) -> Flow[Launch]:
        """Start ten of a draft's tasks first; `budget` and `most` as of a launch. The launch later starts the rest."""
        limit = most if budget is None else to_millionths(budget)
        return Launch((yield from self._json(post(f"/projects/{number}/pilot", key=key, most=limit))))

    @call
    def ask_launch(self, number: int, *, key: str | None = None) -> Flow[LaunchAsked]:
        """Ask the project's owner in the chat to launch it: for a key that may not spend so much."""
        return LaunchAsked((yield from self._json(post(f"/projects/{number}/launch-requests", key=key))))

    @call
    def launch_request(self, number: int) -> Flow[LaunchAsked]:
        """Return what the owner decided of a launch that was asked for."""
        return LaunchAsked((yield from self._json(get(f"/launch-requests/{number}"))))

    @call
    def clone(self, number: int, what: str = "none", *, key: str | None = None) -> Flow[Preflight]:
        """Create a draft with a project's settings and none of its rows, its check questions (`gold`) or all."""
        return Preflight((yield from self._json(post(f"/projects/{number}/clone", {"what": what}, key))))

    @call
    def invitation(self, number: int) -> Flow[Invitation]:
        """Return the link that invites people to a project."""
        return Invitation((yield from self._json(post(f"/projects/{number}/invitation"))))

    @call
    def end_invitation(self, number: int) -> Flow[Row]:
        """End the link that invites people."""
        return (yield from self._json(delete(f"/projects/{number}/invitation")))

    @call
    def edit(self, /, number: int, **changes: Any) -> Flow[Row]:
        """Change `title`, `instructions`, `picture` or `example`, as in a form; of a running project, this is its next
        version."""
        return (yield from self._json(patch(f"/projects/{number}", changes)))

    @call
    def hold(self, number: int) -> Flow[Progress]:
        """Pause a project."""
        return Progress((yield from self._json(post(f"/projects/{number}/hold"))))

    @call
    def resume(self, number: int) -> Flow[Progress]:
        """Let a paused project go on."""
        return Progress((yield from self._json(post(f"/projects/{number}/resume"))))

    @call
    def offer_raise(self, number: int) -> Flow[Row]:
        """Return what some raises of the pay would cost."""
        return (yield from self._json(get(f"/projects/{number}/raise")))

    @call
    def raise_pay(self, number: int, pay: Amount, *, key: str | None = None) -> Flow[Row]:
        """Raise the pay of an answer; of a draft, set it."""
        return (yield from self._json(post(f"/projects/{number}/raise", {"pay": write_amount(pay)}, key)))

    @call
    def stop(self, number: int, *, key: str | None = None) -> Flow[Stop]:
        """End a project; what is not needed comes back."""
        return Stop((yield from self._json(post(f"/projects/{number}/stop", key=key))))

    @call
    def delete(self, number: int) -> Flow[Row]:
        """Delete a draft."""
        return (yield from self._json(delete(f"/projects/{number}", {"number": number})))

    @stream(ProjectLine)
    def projects(self) -> Flow[None]:
        """Yield the owner's projects, oldest first."""
        after: int | None = 0
        while after is not None:
            page = yield from self._json(get("/projects", after=after))
            yield Rows([*map(ProjectLine, page["projects"])])
            after = page["next_after"]

    @call
    def progress(self, number: int) -> Flow[Progress]:
        """Return how a project stands."""
        return Progress((yield from self._json(get(f"/projects/{number}"))))

    @call
    def wait(
        self, number: int, *, every: float = 5.0, show: bool = True, timeout: float | None = None
    ) -> Flow[Progress]:
        """Wait until the project has ended, or its pilot is answered, and return its progress; a notebook or a terminal
        shows how far it is, and why where it goes back or rests. Raise TimeoutError after `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        before: Progress | None = None
        notes: tuple[str, ...] = ()
        while True:
            now = yield from Calls.progress(self, number)
            news = tuple(explain_change(before, now))
            notes += news
            if show:
                yield Display(now, news, notes, is_first=before is None)
            if is_over(now):
                return now
            if deadline is not None and time.monotonic() + every > deadline:
                raise TimeoutError(f"project {number} is {now.state}: {now.closed} of {now.tasks} tasks are closed")
            before = now
            yield Pause(every)

    @call
    def overview(self, number: int) -> Flow[Row]:
        """Return how a project stands, with its settings and its pay."""
        return (yield from self._json(get(f"/projects/{number}/overview")))

    @call
    def quality(self, number: int) -> Flow[Quality]:
        """Return agreement, results on check questions, models and workers."""
        return Quality((yield from self._json(get(f"/projects/{number}/quality"))))

    @call
    def versions(self, number: int) -> Flow[Row]:
        """Return what workers read, version by version."""
        return (yield from self._json(get(f"/projects/{number}/versions")))

    @call
    def offer_more(self, number: int) -> Flow[Row]:
        """Return what more answers to each task would cost."""
        return (yield from self._json(get(f"/projects/{number}/more")))

    @call
    def ask_more(self, number: int, overlap: int, *, key: str | None = None) -> Flow[Row]:
        """Ask for `overlap` answers to each task."""
        return (yield from self._json(post(f"/projects/{number}/more", {"overlap": overlap}, key)))

    @call
    def extend_tasks(self, number: int, tasks: list[str], extra: int = 1, *, key: str | None = None) -> Flow[Row]:
        """Ask for `extra` more answers to some tasks, named by id."""
        return (yield from self._json(post(f"/projects/{number}/tasks/more", {"tasks": tasks, "extra": extra}, key)))

    @call
    def set_audience(self, number: int, who: list[str]) -> Flow[Row]:
        """Say who is asked in a draft, such as country=FR; none: everybody."""
        return (yield from self._json(put(f"/projects/{number}/audience", {"who": who})))

    @call
    def choose_way(self, number: int, overlap: int, confidence: float | None = None) -> Flow[Preflight]:
        """Take one of the ways to ask that a draft's card offers (`outlook`)."""
        body = {"overlap": overlap, "confidence": confidence}
        return Preflight((yield from self._json(post(f"/projects/{number}/way", body))))

    @call
    def push(
        self, number: int, name: str, *, token: str | None = None, public: bool = False, key: str | None = None
    ) -> Flow[Row]:
        """Push the results to the data set `name`, OWNER/NAME, at Hugging Face; without a `token` with that of the
        variable HF_TOKEN."""
        body = {"name": name, "token": token or os.environ.get("HF_TOKEN", ""), "public": public}
        return (yield from self._json(post(f"/projects/{number}/push", body, key)))

    @stream(dict[str, Any])
    def tasks(self, number: int) -> Flow[None]:
        """Yield a row a task, as it was sent."""
        return (yield from self._pages(number, "tasks"))

    @stream(dict[str, Any])
    def submissions(self, number: int, *, after: int = 0) -> Flow[None]:
        """Yield a row an answer, behind the one whose `id` is `after`."""
        return (yield from self._pages(number, "submissions", after))

    @stream(dict[str, Any])
    def results(self, number: int) -> Flow[None]:
        """Yield a row a task: its consensus, and how sure it is."""
        return (yield from self._pages(number, "results"))

    @call
    def results_frame(self, number: int) -> Flow[pandas.DataFrame]:
        """Return the results as a data frame."""
        return (yield from self.read_table(number, "results")).frame()

    @call
    def submissions_frame(self, number: int) -> Flow[pandas.DataFrame]:
        """Return the answers as a data frame."""
        return (yield from self.read_table(number, "submissions")).frame()

    @call
    def file(self, number: int, what: str, form: str = "csv") -> Flow[bytes]:
        """Return a table as a file: `what` is tasks, submissions or results, `form` csv, jsonl, xlsx, coco …"""
        return (yield from self._fetch(table(f"/projects/{number}/{what}", format=form))).content

    @call
    def review(self, number: int, *, after: int = 0) -> Flow[WaitingAnswers]:
        """Return answers that wait for your decision."""
        return WaitingAnswers((yield from self._json(get(f"/projects/{number}/review", after=after))))

    @call
    def accept(self, submission: int) -> Flow[Row]:
        """Pay an answer now."""
        return (yield from self._json(post(f"/submissions/{submission}/accept")))

    @call
    def accept_all(self, number: int, last: int) -> Flow[Row]:
        """Accept all answers that wait for a decision, up to the one with the number `last`."""
        return (yield from self._json(post(f"/projects/{number}/review/accept", {"last": last})))

    @call
    def reject(self, submission: int, line: int, reason: str) -> Flow[Row]:
        """Reject an answer by a line of the instructions, from 1; the worker may appeal."""
        body = {"line": line, "reason": reason}
        return (yield from self._json(post(f"/submissions/{submission}/reject", body)))

    @call
    def redo(self, submission: int, reason: str) -> Flow[Row]:
        """Accept the answer and ask its worker for it once more, paid again."""
        return (yield from self._json(post(f"/submissions/{submission}/redo", {"reason": reason})))

    @call
    def bonus(self, worker: str, amount: Amount, reason: str, *, key: str | None = None) -> Flow[Row]:
        """Thank a worker, by the pseudonym of the submissions."""
        body = {"worker": worker, "amount": write_amount(amount), "reason": reason}
        return (yield from self._json(post("/bonuses", body, key)))

    @call
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
    ) -> Flow[Review]:
        """Send a model's answer: decided at once where the model may decide, else by people: `reviewed`, or the webhook
        task.closed."""
        body = {"project": project, "input": dict(input), "prediction": prediction, "confidence": confidence}
        fields = {**body, "model": model, "id": id, "threshold": threshold}
        return Review((yield from self._json(post("/reviews", fields, key))))

    @call
    def reviewed(self, number: int) -> Flow[Review]:
        """Return how the review of a prediction stands."""
        return Review((yield from self._json(get(f"/reviews/{number}"))))

    @call
    def balance(self) -> Flow[Balance]:
        """Return your money: free, and in each project."""
        return Balance((yield from self._json(get("/balance"))))

    @call
    def fund(self, amount: Amount) -> Flow[Row]:
        """Return where to send money, and under which reference."""
        return (yield from self._json(post("/funding", {"amount": write_amount(amount)})))

    @call
    def make_gold(self, number: int, task: str, answers: list[str], reason: str = "") -> Flow[Row]:
        """Make a task a check question."""
        body = {"task": task, "answers": answers, "reason": reason}
        return (yield from self._json(post(f"/projects/{number}/gold", body)))

    @call
    def suggested_gold(self, number: int) -> Flow[Row]:
        """Return tasks that could be check questions, since all answer them alike."""
        return (yield from self._json(get(f"/projects/{number}/gold/suggested")))

    @call
    def refuse_gold(self, number: int, task: str) -> Flow[Row]:
        """Have a task suggested no longer as a check question."""
        return (yield from self._json(post(f"/projects/{number}/gold/refused", {"task": task})))

    @call
    def contested(self, number: int) -> Flow[Row]:
        """Return check questions that workers contest."""
        return (yield from self._json(get(f"/projects/{number}/gold/contested")))

    @call
    def decide_gold(self, challenge: int, stands: bool) -> Flow[Row]:
        """Decide whether a contested known answer stands."""
        return (yield from self._json(post(f"/gold/contested/{challenge}", {"stands": stands})))

    @call
    def questions(self, number: int) -> Flow[Row]:
        """Return workers' questions that wait for an answer, and the newest answers."""
        return (yield from self._json(get(f"/projects/{number}/questions")))

    @call
    def answer(self, question: int, words: str) -> Flow[Row]:
        """Answer a worker's question."""
        return (yield from self._json(post(f"/questions/{question}/answer", {"answer": words})))

    @call
    def report_question(self, question: int) -> Flow[Row]:
        """Report a worker's question as abuse; an admin decides."""
        return (yield from self._json(post(f"/questions/{question}/report")))

    @call
    def ledger(self) -> Flow[Row]:
        """Return the newest movements of your free money."""
        return (yield from self._json(get("/ledger")))

    @call
    def explain(self, operation: int) -> Flow[Row]:
        """Return what is behind a movement of your money, by its number."""
        return (yield from self._json(get(f"/operations/{operation}")))

    @call
    def costs(self, year: int, month: int) -> Flow[Row]:
        """Return what your projects cost in a month."""
        return (yield from self._json(get("/costs", year=year, month=month)))

    @call
    def costs_file(self, year: int, month: int) -> Flow[bytes]:
        """Return the statement of a month's costs as CSV."""
        return (yield from self._fetch(table("/costs/file", year=year, month=month))).content

    @stream(Invoice)
    def invoices(self) -> Flow[None]:
        """Yield your invoices for fees, oldest first, where the service issues invoices."""
        after: int | None = 0
        while after is not None:
            page = yield from self._json(get("/invoices", after=after))
            yield Rows([*map(Invoice, page["invoices"])])
            after = page["next_after"]

    @call
    def invoice_file(self, invoice: int) -> Flow[bytes]:
        """Return an invoice, or a credit note, as PDF."""
        return (yield from self._fetch(table(f"/invoices/{invoice}/file"))).content

    @call
    def webhooks(self) -> Flow[Row]:
        """Return the addresses that are called when something happens."""
        return (yield from self._json(get("/webhooks")))

    @call
    def add_webhook(self, url: str, kinds: list[str] | None = None, *, key: str | None = None) -> Flow[Row]:
        """Have an address called, for these kinds of events or for all; its secret is answered this once."""
        return (yield from self._json(post("/webhooks", {"url": url} | ({"kinds": kinds} if kinds else {}), key)))

    @call
    def resend_webhook(self, webhook: int) -> Flow[Row]:
        """Call an address again with what did not arrive."""
        return (yield from self._json(post(f"/webhooks/{webhook}/resend")))

    @call
    def remove_webhook(self, webhook: int) -> Flow[Row]:
        """Call an address no more."""
        return (yield from self._json(delete(f"/webhooks/{webhook}")))

    @call
    def keys(self) -> Flow[Row]:
        """Return your API keys, and what each has spent."""
        return (yield from self._json(get("/keys")))

    @call
    def revoke_key(self, number: int) -> Flow[Row]:
        """End an API key at once, also the one in use."""
        return (yield from self._json(delete(f"/keys/{number}")))

    @call
    def teams(self) -> Flow[Row]:
        """Return your teams: members, limits, and what each has spent."""
        return (yield from self._json(get("/teams")))

    @call
    def rating(self) -> Flow[Row]:
        """Return what everybody may see of your ratings."""
        return (yield from self._json(get("/rating")))

    @call
    def blocks(self) -> Flow[Row]:
        """Return the workers who are offered none of your tasks."""
        return (yield from self._json(get("/blocks")))

    @call
    def block(self, worker: str, reason: str) -> Flow[Row]:
        """Offer a worker no more of your tasks; they read the reason."""
        return (yield from self._json(post("/blocks", {"worker": worker, "reason": reason})))

    @call
    def unblock(self, worker: str) -> Flow[Row]:
        """Offer a worker your tasks again."""
        return (yield from self._json(post("/blocks/remove", {"worker": worker})))

    @call
    def qualifications(self, *, after: int = 0) -> Flow[Row]:
        """Return your qualifications, eight at a time."""
        return (yield from self._json(get("/qualifications", after=after)))

    @call
    def qualification(self, number: int) -> Flow[Row]:
        """Return a qualification and who holds it."""
        return (yield from self._json(get(f"/qualifications/{number}")))

    @call
    def add_qualification(self, lines: list[str], *, key: str | None = None) -> Flow[Row]:
        """Make a qualification from its lines, as in the chat; its test is paid."""
        return (yield from self._json(post("/qualifications", {"lines": lines}, key)))

    @call
    def change_holders(self, number: int, lines: list[str]) -> Flow[Row]:
        """Give a qualification to workers, or take it away, a worker a line."""
        return (yield from self._json(post(f"/qualifications/{number}/holders", {"lines": lines})))

    @call
    def delete_qualification(self, number: int) -> Flow[Row]:
        """Delete a qualification; what its test does not need comes back."""
        return (yield from self._json(delete(f"/qualifications/{number}")))

    @call
    def figures(self, number: int) -> Flow[Row]:
        """Return all figures of the results, as papers report them."""
        return (yield from self._json(get(f"/projects/{number}/figures")))

    @call
    def data_sheet(self, number: int) -> Flow[bytes]:
        """Return one page for those who use the results, as PDF."""
        return (yield from self._fetch(table(f"/projects/{number}/datasheet"))).content

    @call
    def data_set(self, number: int) -> Flow[bytes]:
        """Return a data set as the hub has them, as ZIP."""
        return (yield from self._fetch(table(f"/projects/{number}/dataset"))).content

    @call
    def answer_file(self, submission: int) -> Flow[bytes]:
        """Return the photo or the voice message that was sent as an answer."""
        return (yield from self._fetch(table(f"/submissions/{submission}/file"))).content

    def read_table(self, number: int, what: str, after: int = 0) -> Flow[Table]:
        """Return all rows of a table."""
        rows = Table()
        pages, outcome = self._pages(number, what, after), None
        while True:
            try:
                step = pages.send(outcome)
            except StopIteration:
                return rows
            if isinstance(step, Rows):
                rows.extend(step.rows)
                outcome = None
            else:
                outcome = yield step

    def _pages(self, number: int, what: str, after: int = 0) -> Flow[None]:
        next_after: str | None = str(after)
        while next_after is not None:
            page = yield from self._fetch(table(f"/projects/{number}/{what}", after=next_after, limit=PAGE))
            yield Rows([*map(json.loads, page.content.splitlines())])
            next_after = page.headers.get(NEXT)

    def _json(self, request: Request) -> Flow[Row]:
        answer: Row = (yield from self._fetch(request)).json()
        return answer

    def _fetch(self, request: Request) -> Flow[httpx.Response]:
        return (yield from fetch(request, self.address))
