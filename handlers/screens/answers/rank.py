"""Presses in order, best first; the last can be undone; Done when all are placed."""

from handlers.screens.answers import Rows
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.option_rows import laid
from handlers.screens.layout.task_buttons import TaskButtons
from handlers.screens.screen import Button
from locales import Html, Translator

JOINT, SHOWN = ">", 120


def ask(buttons: TaskButtons, t: Translator) -> Html | None:
    placed = [buttons.options[at] for at in buttons.draft]
    if not placed:
        return t("🔢 Press them in order, the best first, then “Done”.")
    return t("🔢 So far: <b>{placed}</b>", placed=clipped(" › ".join(placed), SHOWN))


def rows(buttons: TaskButtons, t: Translator) -> Rows:
    placed = buttons.draft
    undo = Button(t.plain("↩️ Undo"), buttons.undo.pack())
    done = Button(t.plain("✅ Done"), buttons.done.pack(), style="success")
    after = [*([undo] if placed else []), *([done] if len(placed) == len(buttons.options) else [])]
    found = laid(buttons.options, buttons.choose, placed)
    return [*found, tuple(after)] if after else found


def said(answer: str, t: Translator) -> str:
    return " › ".join(answer.split(JOINT))


def right(gold: list[str], most: int, t: Translator) -> str:
    return t.one_of([said(answer, t) for answer in gold[:most]])
