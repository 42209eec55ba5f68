"""Buttons of the wizard: presets, one step back, a step once more, suggested answers.

They raise UnknownChoice, and change nothing, where a form of one message, or a project, waits for its file by now.
"""

from typing import Any

from domain.projects.draft_messages import AnewAsked, DraftCancelled, FileWanted, WizardQuestion
from domain.refusals import UnknownChoice
from locales.presets import preset
from services.act import Act, Reply
from services.projects import project_wizard
from services.projects.authoring.form_steps import AT, BESIDE, is_begun, pays, step_before, steps_of, without, written


def choose_kind(act: Act, kind: str) -> Reply:
    return _here(act, project_wizard.choose_kind(act, kind))


def ask_to_begin_anew(act: Act) -> Reply:
    """First of two presses: what was said would be gone."""
    values = _begun(act)
    title, steps = str(values.get("title", "")), sum(step in values for step in steps_of(values))
    return Reply(AnewAsked(title, steps) if steps else project_wizard.begin(act), edits=act.message)


def begin_anew(act: Act) -> Reply:
    _begun(act)
    file = project_wizard.sent_before(act)
    act.unit.drafts.forms.drop(act.person.id)
    return _here(act, project_wizard.ask(act, file))


def choose_preset(act: Act, name: str) -> Reply:
    """Everything but the file, in the requester's language, with a pay above the floor; each step can be changed. What
    somebody said themselves is not taken away by it: the form goes on where it was."""
    chosen, values = _filled(act, name), without(_begun(act), AT, "file", "columns")
    if not chosen:
        raise UnknownChoice()
    if is_begun(values) and values != _filled(act, str(values.get("preset", ""))):
        return _here(act, project_wizard.begin(act))
    return _here(act, project_wizard.ask(act, {**chosen, **project_wizard.sent_before(act)}))


def go_back(act: Act) -> Reply:
    """The step before is asked once more; what it had stays until it is answered otherwise."""
    values = _begun(act)
    return change(act, step_before(values)) if is_begun(values) else _here(act, project_wizard.begin(act))


def change(act: Act, step: str) -> Reply:
    values = _begun(act)
    if step not in (*steps_of(values), *BESIDE) or not is_begun(values):
        return _here(act, project_wizard.begin(act))
    return _here(act, project_wizard.ask(act, {**values, AT: step}))


def keep(act: Act) -> Reply:
    """The step that was asked once more stays as it is."""
    return _here(act, project_wizard.ask(act, without(_begun(act), AT)))


def suggest(act: Act, step: str, value: int) -> Reply:
    """A suggested answer was pressed. A later press changes it."""
    values = _begun(act)
    if step not in steps_of(values) or not is_begun(values):
        return _here(act, project_wizard.begin(act))
    return _here(act, project_wizard.answered(act, values, step, written(step, value)))


def _here(act: Act, asked: WizardQuestion | FileWanted) -> Reply:
    """In the message whose button was pressed: the chat gets no longer."""
    return Reply(asked, edits=act.message)


def _begun(act: Act) -> dict[str, Any]:
    values = project_wizard.begun(act)
    if "caption" in values or "add" in values:
        raise UnknownChoice()
    return values


def _filled(act: Act, name: str) -> dict[str, Any]:
    """All that a preset says; nothing where there is none of this name."""
    chosen = preset(name, act.person.language)
    if chosen is None:
        return {}
    pay, *_ = pays(chosen.seconds, act.house.terms)
    return {**chosen.values, "pay": written("pay", pay), "overlap": "3", "preset": name}


def cancel(act: Act) -> DraftCancelled:
    """The form goes; by the command only where no other question is open, which goes alone then."""
    draft = act.unit.drafts.of(act.person.id)
    of_another = draft is not None and draft.journey not in (project_wizard.JOURNEY, project_wizard.ALONE)
    if of_another and act.message is None:
        act.unit.drafts.drop(act.person.id)
        return DraftCancelled(of_another=True)
    if not of_another:
        act.unit.drafts.drop(act.person.id)
    act.unit.drafts.forms.drop(act.person.id)
    return DraftCancelled()
