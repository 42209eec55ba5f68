"""A requester's projects."""

from domain.projects.messages import ProjectList
from handlers.payloads.projects import ShowProject
from handlers.screens.layout.fitting import fitted
from handlers.screens.projects.progress import state_of
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Translator


@shows(ProjectList)
def list_(listed: ProjectList, t: Translator) -> Screen:
    if not listed.projects:
        return Screen(t("You have no project yet. /newproject starts one."))
    rows = [
        t("<b>{number}</b> {title} · {state}", number=p.number, title=p.title, state=state_of(p.state, t))
        for p in listed.projects
    ]
    keyboard = tuple(
        (Button(f"{p.number} · {p.title}"[:60], ShowProject(number=p.number).pack()),) for p in listed.projects[:8]
    )
    return Screen(lines(t("🗂 <b>Your projects</b>"), " ", *fitted(rows, t)), keyboard)
