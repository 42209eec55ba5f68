"""A requester replies to their ratings, once: the words are shown to them before they are sent."""

from typing import Any

from domain.fairness.ratings import ReplyDropped, ReplyShown, ReplyToSend, ReplyWanted, reply_of
from domain.refusals import NotFound
from services.act import Act

JOURNEY = "rating_reply"


def reply(act: Act, step: int) -> ReplyWanted | ReplyToSend | ReplyShown | ReplyDropped:
    """0 asks for the words, 1 sends those shown, another value drops them."""
    if step == 0:
        return _ask(act)
    return _send(act) if step == 1 else _drop(act)


def typed(act: Act, kept: dict[str, Any], words: str) -> ReplyToSend | None:
    """Shows the words to their writer; words typed again take their place."""
    said = reply_of(words)
    if not said:
        return None
    act.unit.drafts.keep(act.person.id, JOURNEY, {"words": said}, act.unit.now)
    return ReplyToSend(said)


def _ask(act: Act) -> ReplyWanted:
    shown = act.unit.ratings.shown(act.person.id)
    if shown is None or shown.reply:
        raise NotFound(what="ratings", name="")
    act.unit.drafts.keep(act.person.id, JOURNEY, {}, act.unit.now)
    return ReplyWanted()


def _send(act: Act) -> ReplyShown:
    draft = act.unit.drafts.of(act.person.id)
    words = str(draft.kept.get("words", "")) if draft and draft.journey == JOURNEY else ""
    if not words or not act.unit.ratings.reply(act.person.id, words):
        raise NotFound(what="ratings", name="")
    act.unit.drafts.drop(act.person.id)
    return ReplyShown(words)


def _drop(act: Act) -> ReplyDropped:
    draft = act.unit.drafts.of(act.person.id)
    if draft and draft.journey == JOURNEY:
        act.unit.drafts.drop(act.person.id)
    return ReplyDropped()
