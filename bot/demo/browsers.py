"""The visitor's browser."""

import webbrowser
from pathlib import Path

IN_TERMINAL = ("www-browser", "links", "elinks", "lynx", "w3m")  # would take the terminal that shows the address


def find_browser() -> webbrowser.BaseBrowser | None:
    """Return the browser that this system opens addresses with; None where there is none with a window of its own."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return None
    return None if Path(browser.name).name in IN_TERMINAL else browser
