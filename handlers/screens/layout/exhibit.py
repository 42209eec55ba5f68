"""A task and an answer to it, set apart from what is said about them; a photo is seen, a voice is heard."""

from collections.abc import Sequence

from handlers.screens.answers import screen_of
from handlers.screens.layout.fitting import CAPTION, MESSAGE, clipped, visible
from handlers.screens.screen import Button, Facts, Screen, lines
from handlers.screens.work.tasks import instructions, link, quoted
from locales import Html, Translator

LONG = 600  # characters of an answer that was typed
LEAST = 80  # characters a task is given however much stands around it


def exhibited(
    facts: Facts,
    t: Translator,
    head: Html,
    tail: Html,
    rows: Sequence[tuple[Button, ...]] = (),
    rules: list[str] | None = None,
) -> Screen:
    """`head`, the task, the answer, `tail`; the instructions with what room is left."""
    photo, voice = sent(facts)
    picture = None if photo or voice else facts["picture"]
    limit = CAPTION if photo or voice or picture else MESSAGE
    shown = link(facts["picture"], t) if facts["picture"] and not picture else None
    middle = lines(shown, answer_line(facts, t))
    room = limit - visible(head) - visible(middle) - visible(tail) - 8
    body = quoted(clipped(facts["text"], max(LEAST, room))) if facts["text"] and room > 0 else Html("")
    room -= visible(body)
    numbered = instructions(rules, room, t, expanded=False) if rules and room > LEAST else None
    return Screen(lines(head, body or None, middle, tail, numbered), tuple(rows), photo=photo or picture, voice=voice)


def sent(facts: Facts) -> tuple[str | None, str | None]:
    """(photo, voice) that was handed in as the answer."""
    file = facts["answer"].split()[0] if facts["answer"] and facts["kind"] in ("photo", "voice") else None
    return (file, None) if facts["kind"] == "photo" else (None, file)


def answer_line(facts: Facts, t: Translator) -> Html:
    if facts["answer"] is None:
        return t("Answer: <b>can't tell</b>")
    if facts["kind"] == "photo":
        return t("Answer: <b>this photo</b>")
    if facts["kind"] == "voice":
        return t("Answer: <b>this voice message</b>")
    return t("Answer: <b>{answer}</b>", answer=clipped(screen_of(facts["kind"]).said(facts["answer"], t), LONG))
