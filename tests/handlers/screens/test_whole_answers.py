"""An answer that is decided on is shown whole, or its message has a button that reads the rest of it."""

from dataclasses import replace
from html import unescape

import pytest

from domain.answers import kind_of
from domain.answers.text import LONGEST
from domain.fairness.questions import Faq, FaqEntry
from domain.moments import HOUR, Moment
from domain.projects.form_questions import FormQuestion, pack_answers
from domain.projects.form_questions import pack_questions as questions_packed
from domain.refusals import NotYours
from domain.work.messages import AnswerRead
from handlers.fairness.questions import ShowFaq, faq_screen
from handlers.payload import unpack
from handlers.quotations import show_answer_for_decision
from handlers.screen import Screen, render
from handlers.work.tasks import ReadAnswer
from locales import translator
from locales.translator import Html
from services.fairness import rejections
from services.work import submit
from storage.database import one_transaction
from tests.acts import act_of, press
from tests.handlers.screens.fairness_samples import ANSWER
from tests.house import furnish

T = translator("en")
WORDS = " ".join(f"word{at}" for at in range(400))[:LONGEST]
FORM = questions_packed([FormQuestion(f"q{at}", "text", f"What is {at}?") for at in range(3)])


def asks_for_the_rest(screen: Screen) -> bool:
    data = ReadAnswer(submission=ANSWER.submission).pack()
    return any(button.data == data for row in screen.keyboard for button in row)


def test_an_answer_is_whole_where_its_message_has_room() -> None:
    shown = show_answer_for_decision(replace(ANSWER, kind="text", answer=WORDS), T, Html("head"), Html("tail"))
    assert WORDS in shown.text
    assert not asks_for_the_rest(shown)


def test_an_answer_that_is_cut_has_a_button_for_the_rest() -> None:
    about = replace(ANSWER, kind="text", answer=WORDS, content=replace(ANSWER.content, picture="https://e.org/a.png"))
    shown = show_answer_for_decision(about, T, Html("head"), Html("tail"))
    assert WORDS not in shown.text
    assert asks_for_the_rest(shown)


def test_a_forms_answers_are_whole_or_read_by_themselves() -> None:
    short = {f"q{at}": f"{at}: {WORDS[:300]}" for at in range(3)}
    about = replace(ANSWER, kind="form", options=FORM, answer=kind_of("form").to_display(pack_answers(short), FORM))
    shown = show_answer_for_decision(about, T, Html("head"), Html("tail"))
    assert all(each in shown.text for each in short.values())
    assert not asks_for_the_rest(shown)
    long = kind_of("form").to_display(pack_answers(dict.fromkeys(short, WORDS)), FORM)
    assert asks_for_the_rest(show_answer_for_decision(replace(about, answer=long), T, Html("head"), Html("tail")))
    parts = kind_of("form").split_for_messages(long)
    read = [AnswerRead("form", part, at, len(parts)) for at, part in enumerate(parts, 1)]
    assert [WORDS in unescape(render(each.stored_as, each, "en").text) for each in read] == [True] * 3


def test_each_entry_of_a_faq_is_read_whole_on_one_of_its_pages() -> None:
    entries = [FaqEntry(at, f"Q{at} " * 125, f"{at}said " * 140) for at in range(12, 0, -1)]
    read, before = "", 13
    while before:
        behind = [entry for entry in entries if entry.number < before]
        more = behind[4].number if len(behind) > 5 else 0
        shown = faq_screen(Faq(ANSWER.project, "T", tuple(behind[:5]), 12, more, False), T)
        read += shown.text
        older = [unpack(key.data or "") for row in shown.keyboard for key in row]
        before = older[0].before if older and isinstance(older[0], ShowFaq) else 0
    whole = [entry for entry in entries if entry.asked.strip() in read and entry.answer.strip() in read]
    assert whole == entries
    emoji = Faq(ANSWER.project, "T", (FaqEntry(2, "🙂" * 500, "🙂" * 1_000), entries[-1]), 2, 0, False)
    assert "🙂" in faq_screen(emoji, T).text


def test_the_whole_answer_is_for_those_who_are_shown_it(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=3, kind="text", options=(), accept="review")
        worker, judge, stranger = house.workers
        submit.show_work(unit, unit.people.get(worker))
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None
        submit.submit_answer(unit, unit.people.get(worker), in_hand.id, WORDS, None)
        answer = unit.submissions.of_assignment(in_hand.id)
        assert answer is not None
        payload = ReadAnswer(submission=answer.id)
        for reader in (worker, house.requester):
            assert press(act_of(unit, reader), payload) == (AnswerRead("text", WORDS, 1, 1),)
        for forged in (payload, ReadAnswer(submission=99)):
            with pytest.raises(NotYours):
                press(act_of(unit, stranger), forged)
        project = unit.projects.get(house.project)
        rejections.reject_submission(
            unit, unit.people.get(house.requester), project, answer, 1, "It says nothing of the text."
        )
        appeal = unit.appeals.open(answer.id, Moment(now + HOUR))
        unit.appeals.fund(appeal.id, 1)
        appeal = unit.appeals.lock(appeal.id)
        assert unit.appeals.take_place(appeal, judge, Moment(now + HOUR))
        assert press(act_of(unit, judge), payload) == (AnswerRead("text", WORDS, 1, 1),)
        with pytest.raises(NotYours):
            press(act_of(unit, house.requester), payload)
