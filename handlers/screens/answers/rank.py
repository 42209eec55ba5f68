"""Presses in order, best first; the last can be undone; Done when all are placed."""

from handlers.screens.answers import Rows
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.option_rows import laid
from handlers.screens.layout.task_buttons import pad_of
from handlers.screens.screen import Button, Facts
from locales import Html, Translator

JOINT, SHOWN = ">", 120


def ask(facts: Facts, t: Translator) -> Html | None:
    placed = [facts["options"][at] for at in facts["draft"]]
    if not placed:
        return t("🔢 Press them in order, the best first, then “Done”.")
    return t("🔢 So far: <b>{placed}</b>", placed=clipped(" › ".join(placed), SHOWN))


def rows(facts: Facts, t: Translator) -> Rows:
    pad, placed = pad_of(facts), facts["draft"]
    undo = Button(t.plain("↩️ Undo"), pad.undo.pack())
    done = Button(t.plain("✅ Done"), pad.done.pack(), style="success")
    after = [*([undo] if placed else []), *([done] if len(placed) == len(facts["options"]) else [])]
    found = laid(facts["options"], pad.choose, placed)
    return [*found, tuple(after)] if after else found


def said(answer: str, t: Translator) -> str:
    return " › ".join(answer.split(JOINT))


def right(gold: list[str], most: int, t: Translator) -> str:
    return t.one_of([said(answer, t) for answer in gold[:most]])
