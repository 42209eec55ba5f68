"""The daily digest of a requester's projects."""

from domain.projects.outlooks import DigestedProject, DigestSet, RequesterDigest
from handlers.payloads.projects import SetDigest, ShowProject
from handlers.screens.layout.fitting import clipped
from handlers.screens.projects.progress import bar, to_decide
from handlers.screens.screen import Button, Screen, in_rows, lines, shows
from locales import Html, Translator

TITLE = 80


@shows(RequesterDigest)
def digest(m: RequesterDigest, t: Translator) -> Screen:
    left = m.total - len(m.projects)
    more = (
        t.n("… and {count} other project: /projects", "… and {count} other projects: /projects", left) if left else None
    )
    shown = [Button(f"#{each.number}", ShowProject(number=each.number).pack()) for each in m.projects]
    rows = in_rows(shown, 5)
    off = (Button(t.plain("🔕 No more of these"), SetDigest(on=False, team=m.team).pack()),)
    told = [line for each in m.projects for line in _project(each, t)]
    return Screen(lines(t("☀️ <b>Your projects since yesterday</b>"), *told, more), (*rows, off), silent=True)


def _project(of: DigestedProject, t: Translator) -> list[Html | str | None]:
    share = of.closed / of.tasks if of.tasks else 0.0
    answers = t.n("{count} answer", "{count} answers", of.answers)
    questions = t.n("❓ {count} question to answer", "❓ {count} questions to answer", of.questions)
    return [
        " ",
        t("<b>{number}: {title}</b>", number=of.number, title=clipped(of.title, TITLE)),
        t("{bar} {percent} · {answers} new", bar=bar(share), percent=t.percent(share), answers=answers),
        to_decide(of.to_review, of.until, t),
        questions if of.questions else None,
        t("Held: {held}", held=t.money(of.held, of.currency)),
    ]


@shows(DigestSet)
def set_to(m: DigestSet, t: Translator) -> Screen:
    if m.on:
        return Screen(
            t("☀️ Once a day, at {hour}:00, you hear how your projects went, if anything happened.", hour=m.hour)
        )
    again = Button(t.plain("🔔 Send them again"), SetDigest(on=True, team=m.team).pack())
    return Screen(t("🔕 No more daily news of your projects."), ((again,),))
