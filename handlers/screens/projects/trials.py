"""A task that its requester tries."""

from dataclasses import replace

from domain.projects.trial_messages import TaskTried, TrialOver
from handlers.payloads.projects import EndTrial, TryTask
from handlers.payloads.work import ReadOwn
from handlers.screens.answers import screen_of
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.reading import to_read
from handlers.screens.layout.task_buttons import trying
from handlers.screens.screen import Button, Screen, lines, shows
from handlers.screens.work.tasks import task
from locales import Translator

NAMED, SAID = 100, 600  # characters of a title, and of an answer


@shows(TaskTried)
def tried(of: TaskTried, t: Translator) -> Screen:
    """As a worker sees it; what workers can do beside answering is left out."""
    shown = of.shown
    rows = screen_of(shown.kind).rows(trying(shown.project, shown.options, shown.draft), t)
    end = Button(t.plain("✖️ End of the preview"), EndTrial(project=shown.project).pack())
    whole = to_read(shown.content, lambda column: ReadOwn(task=of.task, column=column).pack(), t) if of.task else ()
    return replace(task(shown, t), keyboard=(*whole, *rows, (end,)))


@shows(TrialOver)
def over(of: TrialOver, t: Translator) -> Screen:
    about = screen_of(of.kind)
    said = clipped(about.said(of.answer, t), SAID) if of.answer is not None else ""
    again = Button(t.plain("🧪 Answer it yourself"), TryTask(project=of.project).pack())
    head = t("🧪 <b>{title}</b>", title=clipped(of.title, NAMED))
    return Screen(
        lines(
            head,
            t("Your answer: <b>{answer}</b>", answer=said) if said else None,
            t("That was a preview: nothing is kept, and nothing is paid."),
        ),
        ((again,),),
    )
