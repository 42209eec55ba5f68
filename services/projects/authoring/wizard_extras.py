"""Pictures and worked examples while a project's form is filled in: one after the other, on a press, or a photo."""

from typing import Any

from domain.projects.draft_messages import FileWanted, WizardQuestion
from services.act import Act
from services.projects import project_wizard
from services.projects.authoring.form_steps import BESIDE, OF_EXAMPLE, one_more, open_step

PICTURE, EXAMPLE = BESIDE


def pictured(act: Act, values: dict[str, Any], file: str) -> WizardQuestion | FileWanted | None:
    """A photo: one more picture, or that of the example that follows; None where a form of one message waits."""
    step = open_step(values)
    if "caption" in values or "add" in values or (step is None and "title" not in values):
        return None
    if step == EXAMPLE:
        return project_wizard.ask(act, {**values, OF_EXAMPLE: file})
    return project_wizard.ask(act, one_more(values, PICTURE, file, act.house.terms.currency))
