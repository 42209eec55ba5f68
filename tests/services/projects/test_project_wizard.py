"""The wizard: presets, back, and a form that lasts beside other questions."""

import csv
import io

import pytest

from domain.moments import Moment
from domain.money.pricing import pay_for_floor
from domain.projects.projects import WorkedExample
from domain.projects.wizard import AnewAsked, DraftCancelled, FileUnexplained, FileWanted, WizardQuestion
from domain.refusals import FormRefused, UnknownChoice
from formats.captions.caption import read_keys
from formats.errors import FileErrors
from formats.tables.reading import read_tasks
from handlers.payload import Payload
from handlers.projects.drafts import ask_about_file
from handlers.projects.wizard import (
    AddSentFile,
    BeginAnew,
    CancelDraft,
    ChangeStep,
    ChooseKind,
    ChoosePreset,
    KeepStep,
    SayStep,
    StartProject,
    StepBack,
    SurelyAnew,
)
from locales import translator
from locales.languages import LANGUAGES
from locales.presets import Preset, list_presets
from services.act import Act, Reply
from services.projects import drafts, trials, wizard
from services.projects.wizard import WaitingFile, form_of, pays, read_field
from services.work import inputs
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests import acts
from tests.acts import TERMS, act_of
from tests.house import furnish

ALL = [(language, each) for language in sorted(LANGUAGES) for each in list_presets(language)]
CELLS = {"image": "https://example.org/1.jpg", "audio": "https://example.org/1.mp3"}


def press(act: Act, payload: Payload) -> object:
    """What is shown, wherever that is."""
    result = acts.press(act, payload)
    return result.message if isinstance(result, Reply) else result


def table_of(preset: Preset) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([preset.columns, [CELLS.get(name, f"some {name}") for name in preset.columns]])
    return out.getvalue().encode()


@pytest.mark.parametrize(("language", "preset"), ALL, ids=lambda value: getattr(value, "name", value))
def test_a_preset_is_a_whole_form_whose_columns_fit_and_whose_pay_passes_the_floor(language: str, preset: Preset):
    form = read_keys({**preset.values, "pay": "0.05"}, "EUR")
    read = read_tasks(table_of(preset), "tasks.csv", form.options, form.kind, template=form.template)
    assert len(read.rows) == 1
    assert form.seconds == preset.seconds
    assert len(form.instructions) >= 3
    least, *more = pays(preset.seconds, TERMS)
    assert pay_for_floor(TERMS.floor, preset.seconds) < least < more[0]
    with pytest.raises(FileErrors):  # another file is asked about, not taken for it
        read_tasks(b"other,columns\n1,2\n", "tasks.csv", form.options, form.kind, template=form.template)


def test_presets_are_the_same_in_every_language_but_for_their_words():
    shapes = {
        language: [(p.name, p.kind, p.seconds, p.columns) for p in list_presets(language)] for language in LANGUAGES
    }
    assert all(shape == shapes["en"] for shape in shapes.values())
    assert len({p.values["title"] for language in LANGUAGES for p in list_presets(language)}) == 8 * len(LANGUAGES)


async def test_one_press_fills_all_and_each_step_can_be_changed(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        act = act_of(unit, furnish(unit).requester)
        press(act, StartProject())
        filled = press(act, ChoosePreset(name="sentiment"))
        assert isinstance(filled, FileWanted)
        assert dict(filled.said)["options"] == "positive, negative, mixed, neutral"
        assert filled.columns == ("text",)
        asked = press(act, ChangeStep(step="pay"))
        assert isinstance(asked, WizardQuestion)
        assert (asked.step, asked.now) == ("pay", dict(filled.said)["pay"])
        assert (asked.floor, asked.seconds) == (TERMS.floor, 10)
        assert min(asked.suggested) >= pay_for_floor(TERMS.floor, asked.seconds)
        chosen = press(act, SayStep(step="pay", value=asked.suggested[-1]))
        assert isinstance(chosen, FileWanted)
        assert chosen.said != filled.said
        back = press(act, StepBack())
        assert isinstance(back, WizardQuestion)
        assert (back.step, back.now) == ("overlap", "3")
        assert press(act, KeepStep()) == chosen
        form = wizard.waiting_form(unit, act.person, "EUR")
        assert form is not None
        assert (form.seconds, form.pay) == (10, asked.suggested[-1])

    await database.transact(play, now)


async def test_back_leads_to_the_step_before_and_another_kind_drops_what_belonged_to_the_first(
    database: Database, now: Moment
):
    def play(unit: UnitOfWork) -> None:
        act = act_of(unit, furnish(unit).requester)
        press(act, StartProject())
        for words in ("A title", "Look.", "choice", "yes, no"):
            inputs.take_words(act, words)
        steps = [press(act, StepBack()) for _ in range(4)]
        assert [each.step for each in steps if isinstance(each, WizardQuestion)] == [
            "options",
            "kind",
            "instructions",
            "title",
        ]
        press(act, ChangeStep(step="kind"))
        after = press(act, ChooseKind(kind="choice"))
        assert isinstance(after, WizardQuestion)
        assert after.step == "pay"
        number = press(act, ChooseKind(kind="number"))
        assert isinstance(number, WizardQuestion)
        assert (number.step, number.of) == ("pay", 6)

    await database.transact(play, now)


async def test_a_form_outlasts_another_question_and_goes_on_where_it_was(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit)
        act = act_of(unit, house.requester)
        press(act, StartProject())
        inputs.take_words(act, "A title")
        trials.begin_trial(act, house.project)  # takes the place of the open question
        open_projects = ((house.project, unit.projects.get(house.project).title),)
        assert wizard.keep_file(act, {"name": "a.csv"}) == FileUnexplained("a.csv", "A title", open_projects)
        again = press(act, StartProject())
        assert isinstance(again, WizardQuestion)
        assert (again.step, again.kept) == ("instructions", True)
        assert press(act, BeginAnew()) == AnewAsked("A title", 1)
        assert isinstance(going_on := press(act, KeepStep()), WizardQuestion)  # nothing is gone before it is said twice
        assert going_on.step == "instructions"
        anew = press(act, SurelyAnew())
        assert isinstance(anew, WizardQuestion)
        assert (anew.step, anew.kept) == ("title", False)
        inputs.take_words(act, "Another")
        press(act, CancelDraft())
        assert unit.drafts.forms.get(house.requester) == {}

    await database.transact(play, now)


async def test_to_cancel_another_question_keeps_the_form(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit)
        act, button = (act_of(unit, house.requester, message=message) for message in (None, 7))
        press(act, StartProject())
        inputs.take_words(act, "A title")
        trials.begin_trial(act, house.project)  # takes the place of the open question
        assert press(act, CancelDraft()) == DraftCancelled(of_another=True)
        assert unit.drafts.find(house.requester) is None
        assert unit.drafts.forms.get(house.requester)["title"] == "A title"
        trials.begin_trial(act, house.project)
        assert press(button, CancelDraft()) == DraftCancelled()  # the form's own button
        assert unit.drafts.find(house.requester) is not None
        assert unit.drafts.forms.get(house.requester) == {}
        press(act, CancelDraft())
        assert press(act, CancelDraft()) == DraftCancelled(nothing=True)
        press(act, StartProject())
        inputs.take_words(act, "A title")
        assert press(act, CancelDraft()) == DraftCancelled()
        assert unit.drafts.forms.get(house.requester) == {}

    await database.transact(play, now)


async def test_buttons_of_a_form_that_is_gone_begin_a_new_one(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        act = act_of(unit, furnish(unit).requester)
        for forged in (StepBack(), ChangeStep(step="pay"), ChangeStep(step="nothing"), SayStep(step="pay", value=1)):
            asked = press(act, forged)
            assert isinstance(asked, WizardQuestion)
            assert asked.step == "title"
        press(act, ChoosePreset(name="place"))
        asked = press(act, SayStep(step="caption", value=1))
        assert isinstance(asked, FileWanted)
        with pytest.raises(UnknownChoice):
            press(act, ChoosePreset(name="nothing"))

    await database.transact(play, now)


def test_pictures_and_examples_are_added_by_a_press_or_a_photo_and_taken_away(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        act, file = act_of(unit, furnish(unit).requester), "A" * 60
        press(act, ChoosePreset(name="sentiment"))
        inputs.take_attachment(act, "photo", f"{file} unique", "")  # while the file is awaited: one more picture
        press(act, ChangeStep(step="example"))
        inputs.take_words(act, "Lovely shoes!\npositive\nthey are happy")
        asked = press(act, ChangeStep(step="example"))
        assert isinstance(asked, WizardQuestion)
        assert (asked.step, asked.pictured) == ("example", False)
        inputs.take_attachment(act, "photo", "B" * 60 + " other", "")
        shown = inputs.take_words(act, "a sad face | negative")
        assert isinstance(shown, FileWanted)
        assert dict(shown.said)["example"] == "2"
        form = wizard.waiting_form(unit, act.person, "EUR")
        assert form is not None
        assert form.pictures == (file,)
        assert form.examples == (
            WorkedExample("Lovely shoes!", "positive", "they are happy"),
            WorkedExample("", "negative", "", "B" * 60),
        )
        press(act, ChangeStep(step="example"))
        for words in ("x" * 10_000, "no answer", "a | b\n" * 4):
            with pytest.raises(FormRefused):
                inputs.take_words(act, words)
        inputs.take_words(act, "-")
        form = wizard.waiting_form(unit, act.person, "EUR")
        assert form is not None
        assert (form.examples, form.pictures) == ((), (file,))


async def test_a_form_nobody_went_on_with_is_let_go_after_thirty_days(database: Database, now: Moment):
    def begin(unit: UnitOfWork) -> int:
        house = furnish(unit)
        unit.drafts.forms.keep(house.requester, {"title": "A title"}, now)
        return house.requester

    requester = await database.transact(begin, now)
    day = 24 * 3600 * 1000
    for days, left in ((29, {"title": "A title"}), (31, {})):
        await database.transact(drafts.discard_oldest, Moment(now + days * day))
        kept = await database.transact(lambda unit: unit.drafts.forms.get(requester), now)  # type: ignore[arg-type]
        assert kept == left


def test_an_older_preset_takes_no_words_away(sqlite_url: str, now: Moment):
    with one_transaction(sqlite_url, now) as unit:
        act = act_of(unit, furnish(unit).requester)
        press(act, StartProject())
        press(act, ChoosePreset(name="sentiment"))
        other = press(act, ChoosePreset(name="relevance"))  # nothing of it was changed yet
        assert isinstance(other, FileWanted)
        assert other.columns == ("query", "result")
        press(act, ChangeStep(step="title"))
        inputs.take_words(act, "My own title")
        stays = press(act, ChoosePreset(name="sentiment"))
        assert isinstance(stays, FileWanted)
        assert (dict(stays.said)["title"], stays.kept) == ("My own title", True)


@pytest.mark.parametrize(
    "stale",
    [
        BeginAnew(),
        ChangeStep(step="pay"),
        ChooseKind(kind="choice"),
        ChoosePreset(name="place"),
        KeepStep(),
        SayStep(step="overlap", value=3),
        StepBack(),
    ],
    ids=lambda each: type(each).__name__,
)
def test_older_buttons_leave_a_form_alone_that_waits_for_its_file(stale: Payload, sqlite_url: str, now: Moment):
    with one_transaction(sqlite_url, now) as unit:
        act = act_of(unit, furnish(unit).requester)
        wizard.begin_described(act, "/newproject\ntitle: Mine\ninstructions: Look.\noptions: yes, no\npay: 0.05")
        with pytest.raises(UnknownChoice):
            press(act, stale)
        kept = wizard.waiting_form(unit, act.person, "EUR")
        assert kept is not None
        assert kept.title == "Mine"


def test_a_whole_form_typed_where_the_title_was_asked_for_is_read_as_one(sqlite_url: str, now: Moment):
    lines = "titre: Avis\nconsignes: Lis.\nEst-il content ?\noptions: oui, non\nprix: 0,05\nimage: https://example.org/a.jpg"
    with one_transaction(sqlite_url, now) as unit:
        act = act_of(unit, furnish(unit, 1, 1).requester)
        press(act, StartProject())
        with pytest.raises(FormRefused, match="deux"):  # its faults are told
            inputs.take_words(act, f"{lines}\navis: deux")
        assert isinstance(inputs.take_words(act, lines), FileWanted)
        draft = unit.drafts.find(act.person.id)
        assert draft is not None
        form = form_of(draft.fields, "EUR")
        assert form is not None
        assert (form.title, form.instructions) == ("Avis", ("Lis.", "Est-il content ?"))
        assert form.pictures == ("https://example.org/a.jpg",)


def test_a_title_is_one_line(sqlite_url: str, now: Moment):
    """Where it stands among our own words it would look like them."""
    with one_transaction(sqlite_url, now) as unit:
        act = act_of(unit, furnish(unit, 1, 1).requester)
        press(act, StartProject())
        assert isinstance(inputs.take_words(act, "Avis\n\n💶 9 € par tâche"), WizardQuestion)
    assert read_field("title", "Avis\n\n💶 9 € par tâche", "EUR") == "Avis 💶 9 € par tâche"


@pytest.mark.parametrize("is_begun", [False, True])
async def test_a_file_without_a_caption_is_kept_while_another_question_is_open(
    database: Database, now: Moment, is_begun: bool
):
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit)
        act = act_of(unit, house.requester)
        if is_begun:
            press(act, StartProject())
            inputs.take_words(act, "A title")
        trials.begin_trial(act, house.project)  # its question is open
        unexplained = wizard.keep_file(act, {"name": "a.csv"})
        assert isinstance(unexplained, FileUnexplained)
        buttons = [button.data for (button,) in ask_about_file(unexplained, translator("en")).keyboard]
        assert buttons == [StartProject().pack(), AddSentFile(number=house.project).pack()]
        assert press(act, AddSentFile(number=house.project)) == WaitingFile({"name": "a.csv"}, None, house.project)
        press(act, StartProject())
        for _ in range(2):  # another question takes the place of the form's, the file stays
            assert wizard.sent_before(act) == {"file": {"name": "a.csv"}}
            trials.begin_trial(act, house.project)
        waiting = wizard.begin_described(act, "/newproject\ntitle: T\ninstructions: I\npay: 0.05")
        assert isinstance(waiting, FileWanted)
        assert waiting.name == "a.csv"
        assert wizard.waiting_file(act, False).file == {"name": "a.csv"}

    await database.transact(play, now)
