"""The fields of Telegram's calls that show a screen: its words and its keyboard."""

from html import escape
from typing import Any

from handlers.screens.layout.fitting import MESSAGE, shortened
from handlers.screens.screen import Button, Screen

Values = dict[str, Any]


def worded(screen: Screen, name: str) -> Values:
    values: Values = {name: screen.text, "parse_mode": "HTML"}
    return values if name == "caption" else {**values, "link_preview_options": {"is_disabled": True}}


def linked(screen: Screen) -> Values:
    """A picture Telegram can't fetch stands above its text as a link."""
    values = worded(screen, "text")
    if isinstance(screen.photo, str):
        whole = f'<a href="{escape(screen.photo)}">🖼</a>\n\n{screen.text}'
        values["text"] = shortened(whole, MESSAGE)
    return values


def keyboard(screen: Screen, pages: str = "") -> Values | None:
    """None leaves it out: an edit without a keyboard drops the one there was. `pages` is the Mini App's
    address: without one there are no buttons that open it."""
    rows = [[_button(button, pages) for button in row if pages or button.page is None] for row in screen.keyboard]
    shown = [row for row in rows if row]
    return {"inline_keyboard": shown} if shown else None


def _button(button: Button, pages: str) -> Values:
    values: Values = {"text": button.text}
    if button.page is not None:
        values["web_app"] = {"url": f"{pages}/{button.page}"}
    elif button.url is not None:
        values["url"] = button.url
    elif button.copy is not None:
        values["copy_text"] = {"text": button.copy}
    else:
        values["callback_data"] = button.data or button.text
    return {**values, "style": button.style} if button.style else values
