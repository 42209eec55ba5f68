"""Buttons of the wizard: presets, one step back, a step once more, suggested answers."""

from domain.projects.draft_messages import FileWanted, WizardQuestion
from domain.refusals import UnknownChoice
from locales.presets import preset
from services.act import Act
from services.projects import project_wizard
from services.projects.authoring.form_steps import AT, is_begun, pays, step_before, steps_of, without, written


def begin_anew(act: Act) -> WizardQuestion | FileWanted:
    act.unit.drafts.forms.drop(act.person.id)
    return project_wizard.ask(act, project_wizard.sent_before(act))


def choose_preset(act: Act, name: str) -> WizardQuestion | FileWanted:
    """Everything but the file, in the requester's language, with a pay above the floor; each step can be changed."""
    chosen = preset(name, act.person.language)
    if chosen is None:
        raise UnknownChoice()
    pay, *_ = pays(chosen.seconds, act.house.terms)
    said = {**chosen.values, "pay": written("pay", pay), "overlap": "3", "preset": name}
    return project_wizard.ask(act, {**said, **project_wizard.sent_before(act)})


def go_back(act: Act) -> WizardQuestion | FileWanted:
    """The step before is asked once more; what it had stays until it is answered otherwise."""
    values = project_wizard.begun(act)
    return change(act, step_before(values)) if is_begun(values) else project_wizard.begin(act)


def change(act: Act, step: str) -> WizardQuestion | FileWanted:
    values = project_wizard.begun(act)
    if step not in steps_of(values) or not is_begun(values) or "caption" in values or "add" in values:
        return project_wizard.begin(act)
    return project_wizard.ask(act, {**values, AT: step})


def keep(act: Act) -> WizardQuestion | FileWanted:
    """The step that was asked once more stays as it is."""
    return project_wizard.ask(act, without(project_wizard.begun(act), AT))


def suggest(act: Act, step: str, value: int) -> WizardQuestion | FileWanted:
    """A suggested answer was pressed. A later press changes it."""
    values = project_wizard.begun(act)
    if step not in steps_of(values) or not is_begun(values) or "caption" in values:
        return project_wizard.begin(act)
    return project_wizard.answered(act, values, step, written(step, value))
