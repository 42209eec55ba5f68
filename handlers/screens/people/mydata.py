"""`/mydata`: all that is kept about a person, as data and as a page to read."""

from domain.people.rights_messages import (
    PersonalData,
)
from handlers.payloads.people import ListConsents
from handlers.screens.people.mydata_fields import fields
from handlers.screens.people.mydata_words import sections, values
from handlers.screens.screen import Button, FileOrder, Screen, lines, shows
from locales import Translator


@shows(PersonalData)
def mydata(m: PersonalData, t: Translator) -> Screen:
    whose = {"person": m.person, "telegram_id": m.telegram_id, "form": m.form}
    if m.form == "json":
        return Screen(t("🔒 Here is all that is kept about you, as data (JSON)."), file=FileOrder("mydata", whose))
    order = FileOrder("mydata", {**whose, "language": t.language, "words": words(t)})
    used = Button(t.plain("📤 What may use my answers"), ListConsents().pack())
    said = lines(t("📖 The same to read: open this page."), t("To erase all of it: /forget"))
    return Screen(said, ((used,),), file=order)


def words(t: Translator) -> dict[str, str]:
    """All the page's texts, by the names that formats/personal/page.py asks for."""
    return {
        "title": t.plain("What is kept about you"),
        "about": about(t),
        "made": t.plain("Drawn up on"),
        "nothing": t.plain("Nothing is kept here under"),
        "yes": t.plain("yes"),
        "no": t.plain("no"),
        "none": t.plain("none"),
        "not told": t.plain("not told"),
        "any time": t.plain("any time"),
        "every day": t.plain("Every day"),
        "house's board": t.plain("of the house"),
        "right": t.plain("Right, as far as can be told"),
        "behind": t.plain("Answers it is drawn from"),
        "guessing": t.plain("Right by guessing alone"),
        "reckoned": t.plain("What the computer reckons with:"),
        **{f"section.{name}": said for name, said in sections(t).items()},
        **{f"field.{name}": said for name, said in fields(t).items()},
        **{f"value.{name}": said for name, said in values(t).items()},
    }


def about(t: Translator) -> str:
    return "\n".join(
        (
            t.plain(
                "This page holds everything this bot keeps about you. Numbers are rounded; the data file has them whole."
            ),
            t.plain(
                "One thing comes later: while a project runs, its check questions are secret, as others still answer them. Which of your answers to them were right, and the figures that would show it, are here when the project has ended. What you missed is here already."
            ),
            t.plain(
                "What you write on the boards is not in it: nothing there leads to you, so nobody can look it up. The same holds for your vote for stewards."
            ),
            t.plain("To erase all of it, send /forget to the bot. Why it is kept: /privacy"),
        )
    )
