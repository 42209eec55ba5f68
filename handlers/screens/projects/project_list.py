"""A requester's projects."""

from domain.fairness.ratings import RequesterRating
from domain.projects.messages import ProjectList
from handlers.payloads.authoring import ListOlder
from handlers.payloads.fairness import ReplyToRatings
from handlers.payloads.projects import ShowProject
from handlers.screens.fairness import ratings
from handlers.screens.layout.fitting import fitted
from handlers.screens.layout.requester_name import team_line
from handlers.screens.projects.progress import state_of
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator


@shows(ProjectList)
def list_(listed: ProjectList, t: Translator) -> Screen:
    if not listed.projects:
        return Screen(t("You have no project yet. /newproject starts one."))
    rows = [
        t("<b>{number}</b> {title} · {state}", number=p.number, title=p.title, state=state_of(p.state, t))
        for p in listed.projects
    ]
    keyboard = [(Button(f"{p.number} · {p.title}"[:60], ShowProject(number=p.number).pack()),) for p in listed.projects]
    if listed.older:
        keyboard.append((Button(t.plain("▶️ Older ones"), ListOlder.wire(listed.projects[-1].number)),))
    head = (
        t("🗂 <b>Your projects</b> ({count})", count=t.number(listed.total))
        if listed.total
        else t("🗂 <b>Your projects</b>")
    )
    return Screen(
        lines(head, team_line(listed.team, t), " ", *fitted(rows, t), *rated(listed.rating, t)),
        (*keyboard, *replying(listed.rating, t)),
    )


def rated(rating: RequesterRating | None, t: Translator) -> list[Html | None]:
    """What workers say of their requester, without who said it."""
    if rating is None:
        return []
    return [Html(" "), t("<b>Workers rate you:</b>"), ratings.figures(rating, t), ratings.reply(rating, t)]


def replying(rating: RequesterRating | None, t: Translator) -> Keyboard:
    """Once."""
    if rating is None or rating.reply:
        return ()
    return ((Button(t.plain("💬 Reply to your ratings"), ReplyToRatings.wire(0)),),)
