"""A requester's block list and what blocked workers are told."""

from __future__ import annotations

from html import escape

from domain.people.accounts import REQUESTER
from domain.people.qualifications import (
    MAX_BLOCK_REASON_CHARS,
    MIN_BLOCK_REASON_CHARS,
    BlockAsked,
    BlockedByRequester,
    BlockedWorker,
    BlockList,
    UnblockedByRequester,
    WorkerBlocked,
    WorkerUnblocked,
)
from domain.people.teams import Right
from handlers.fairness import complaints
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import Button, Screen, clipped, lines, requester_name, shows, team_line
from locales.translator import Html, Translator
from services.people import blocks


class AskToBlock(Payload, code="zb"):
    submission: Number


class ShowBlocked(Payload, code="zl"):
    """A page of the block list of a team, or with `team` 0 of the person, behind the number `after`."""

    team: Number
    after: Number = 0


class Unblock(Payload, code="zu"):
    """Button that takes the worker with this number from the block list of the team, or with `team` 0 of the person."""

    number: Number
    team: Number


MAX_NAME_CHARS, MAX_REASON_CHARS = 60, 200


@shows(BlockAsked)
def block_asked_screen(m: BlockAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🚫 <b>No more tasks of yours for {worker}?</b>", worker=m.worker),
            t(
                "Write why, in {least} to {most} characters. The worker reads it.",
                least=MIN_BLOCK_REASON_CHARS,
                most=MAX_BLOCK_REASON_CHARS,
            ),
            t("What they have earned stays theirs. Nobody else hears of it. /cancel keeps everything as it is."),
        )
    )


@shows(WorkerBlocked)
def worker_blocked_screen(m: WorkerBlocked, t: Translator) -> Screen:
    sentence = (
        t("{worker} was blocked already.", worker=m.worker)
        if m.before
        else t("🚫 {worker} gets no more tasks of yours, and knows your reason.", worker=m.worker)
    )
    return Screen(sentence, ((Button(t.plain("↩️ Unblock"), Unblock(number=m.number, team=m.team_number).pack()),),))


@shows(WorkerUnblocked)
def worker_unblocked_screen(m: WorkerUnblocked, t: Translator) -> Screen:
    return Screen(t("↩️ {worker} may get tasks of yours again.", worker=m.worker))


@shows(BlockList)
def block_list_screen(m: BlockList, t: Translator) -> Screen:
    rows = tuple(
        (
            Button(
                t.plain("↩️ Unblock {worker}", worker=block.worker),
                Unblock(number=block.number, team=m.team_number).pack(),
            ),
        )
        for block in m.blocked
    )
    next_page_row = (
        ((Button(t.plain("More ➡️"), ShowBlocked(team=m.team_number, after=m.after).pack()),),) if m.more else ()
    )
    return Screen(
        lines(
            t("🚫 <b>Workers who get no tasks of yours</b>"),
            team_line(m.team, t),
            *(_block_line(block) for block in m.blocked),
            None if m.blocked else t("None. In /review, “Block” beside an answer does it."),
        ),
        (*rows, *next_page_row),
    )


@shows(BlockedByRequester)
def blocked_by_requester_screen(m: BlockedByRequester, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🚫 <b>{requester} offers you no more tasks.</b>", requester=requester_name(m.requester, t)),
            t("Why: “{reason}”", reason=m.reason),
            t("What you earned stays yours, and other requesters do not hear of it."),
            t("Is it unfair? Say so: a person reads it."),
        ),
        ((Button(t.plain("✍️ Complain"), complaints.Complain().pack()),),),
    )


@shows(UnblockedByRequester)
def unblocked_by_requester_screen(m: UnblockedByRequester, t: Translator) -> Screen:
    return Screen(t("↩️ {requester} offers you tasks again.", requester=requester_name(m.requester, t)))


def _block_line(blocked: BlockedWorker) -> Html:
    name_and_reason = f"{clipped(blocked.worker, MAX_NAME_CHARS)}: {clipped(blocked.reason, MAX_REASON_CHARS)}"
    return Html(f"<blockquote>{escape(name_and_reason, quote=False)}</blockquote>")


ROUTES = (
    Route(AskToBlock, REQUESTER, blocks.ask_block_reason),
    Route(ShowBlocked, REQUESTER, blocks.list_blocks, right=Right.LOOK),
    Route(Unblock, REQUESTER, blocks.unblock_worker),
)
