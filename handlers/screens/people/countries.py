"""A worker is asked for their country, once."""

from domain.people.messages import CountryWanted
from domain.projects.audience import UNTOLD
from handlers.payloads.people import ChangeSetting
from handlers.screens.screen import Button, Screen, in_rows, lines, shows
from locales import Translator


@shows(CountryWanted)
def wanted(m: CountryWanted, t: Translator) -> Screen:
    found = [
        Button(t.country(code[:2]), ChangeSetting(what="country", value=code[:2]).pack()) for code in (m.suggested)
    ]
    return Screen(
        lines(
            t("🌍 <b>Where do you live?</b>"),
            t("Some projects ask only people of one country. Say yours, and you get their tasks, too."),
            t("It is up to you, and kept for this alone: change or delete it in /settings."),
            t("Another country: <code>/settings country Canada</code>"),
        ),
        (
            *in_rows(found),
            (Button(t.plain("Rather not say"), ChangeSetting(what="country", value=UNTOLD).pack()),),
        ),
    )
