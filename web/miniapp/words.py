"""The texts of a page, in the reader's language."""

from domain.work.page_task import HandedIn, PageAnswer, PageTask
from locales import Translator, translator


def of(task: PageTask, language: str) -> dict[str, str]:
    """Every text of the page; it picks those of its kind."""
    t = translator(language)
    pay = t.plain("{pay} for this answer", pay=t.money(task.pay, task.currency)) if task.pay else ""
    return {"pay": pay, "language": language, **_hints(t), **_acts(t), **_of_theirs(t), **_troubles(t)}


def before(language: str) -> dict[str, str]:
    """The texts of a page that has not reached its task."""
    t = translator(language)
    return {
        "language": language,
        "alone": t.plain("Open this page from the chat in Telegram."),
        "unreached": t.plain("No connection. Nothing is lost: what you marked is kept."),
        "again": t.plain("Try again"),
    }


def in_browser(t: Translator) -> dict[str, str]:
    """The texts of a requester's page that is opened outside Telegram."""
    return {
        "title": t.plain("The requester's own page. It sends your answer itself."),
        "offline": t.plain("No connection. Your answer has not been sent yet."),
        "again": t.plain("Try again"),
    }


def said(done: PageAnswer, language: str) -> str:
    """What came of an answer."""
    t = translator(language)
    pay = t.money(done.pay, done.currency)
    if done.missed:
        return t.plain("✗ We knew this one: see the chat. You are paid all the same.")
    if done.state is HandedIn.CHANGED:
        return t.plain("Your answer is changed.")
    if done.state is HandedIn.KNOWN:
        return t.plain("A check question is made. The next one is in the chat.")
    if done.state is HandedIn.TRIED:
        return t.plain("This is what a worker sends. Nothing was kept.")
    if done.state is HandedIn.AGAIN:
        return t.plain("We have your answer already.")
    return t.plain("Received. {pay} pending", pay=pay) if done.held else t.plain("Received. + {pay}", pay=pay)


def _hints(t: Translator) -> dict[str, str]:
    """How an answer is given."""
    return {
        "draw": t.plain("Draw a box with one finger. Two fingers zoom."),
        "place": t.plain("Tap to set a point. Two fingers zoom."),
        "outline": t.plain("Tap each corner, then the first one again."),
        "mark": t.plain("Tap a word, or drag sideways over several."),
        "cut": t.plain("Drag over the sound to mark a part."),
        "chosen": t.plain("Drag to move, pull a corner to resize."),
        "keys_box": t.plain("Enter: new box. Space: next one. Arrows move it, Shift and arrows resize it."),
        "keys_point": t.plain("Enter: new point. Space: next one. Arrows move it."),
        "chosen_part": t.plain("Pull an end to make it longer or shorter."),
    }


def _acts(t: Translator) -> dict[str, str]:
    """Buttons."""
    return {
        "send": t.plain("Send"),
        "send_nothing": t.plain("Nothing is there: send"),
        "instructions": t.plain("Instructions"),
        "undo": t.plain("Undo"),
        "delete": t.plain("Delete"),
        "whole": t.plain("Show all"),
        "close": t.plain("Close"),
        "play": t.plain("Play"),
        "pause": t.plain("Stop"),
        "label": t.plain("Label"),
    }


def _of_theirs(t: Translator) -> dict[str, str]:
    """Of a task that a page of its requester's asks."""
    return {
        "theirs": t.plain("The requester's own page. It sends your answer itself."),
        "preview": t.plain("What workers will get. Nothing is sent from here."),
        "in_browser": t.plain("Open the page"),
        "in_browser_hint": t.plain("This page is the requester's. It opens in your browser, outside Telegram."),
        "finished": t.plain("I have finished"),
        "finished_hint": t.plain("The page says that you are done, and nothing happens here? Hand in what you did:"),
        "form_offline": t.plain("No connection. Your answer has not been sent yet."),
    }


def _troubles(t: Translator) -> dict[str, str]:
    return {
        "empty": t.plain("Nothing is marked. If nothing of this is there, press again."),
        "offline": t.plain("No connection. What you marked is kept: send it again."),
        "received": t.plain("Received."),
        "missing": t.plain("The file of this task could not be loaded."),
        "open": t.plain("Finish the outline first: tap its first corner."),
    }
