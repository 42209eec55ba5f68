"""Several questions, one after the other: what was answered so far, the question, its own keys, and the way back."""

import json
from collections.abc import Sequence

from domain.answers import kind_of
from domain.projects.form_questions import (
    BACK,
    DONE,
    LEAVE_OUT,
    SPAN,
    UNDO,
    Comparison,
    DraftPlace,
    FormQuestion,
    QuestionCondition,
    count_remaining_questions,
    place_of,
    questions_of,
)
from domain.projects.tasks import compared_labels
from handlers import answers as answers_handlers
from handlers import task_buttons
from handlers.screen import Button, Picture, clipped, lines, shorten_html, split_option_pictures
from locales.translator import Html, Translator

LISTED = 1_000  # characters of a question's options, where all are listed
LAST, TEXT, SAID = 3, 32, 32  # answers that stand above the question; characters of a question there, and of its answer


class FormScreen(answers_handlers.AnswerScreen):
    beside = 760

    def kind_label(self, t: Translator) -> str:
        return t.plain("📝 A form")

    def request(self, options: Sequence[str], t: Translator) -> Html | None:
        """Return the request of each kind among the questions, once."""
        kinds = dict.fromkeys(question.kind for question in questions_of(options))
        return lines(*filter(None, (answers_handlers.screen_of(kind).request((), t) for kind in kinds))) or None

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        questions = questions_of(buttons.options)
        place = place_of(questions, buttons.given)
        if place.question is None:
            return _latest_answers(place, t)
        number = {
            "number": t.number(place.step + 1),
            "of": t.number(place.step + count_remaining_questions(questions, place)),
        }
        ask = t("❓ {number}/{of} <b>{question}</b>", question=place.question.text, **number)
        optional = None if place.question.required else t("<i>You may leave this one out.</i>")
        own = answers_handlers.screen_of(place.question.kind).ask(_own(buttons, place, place.question), t)
        return lines(_latest_answers(place, t), ask, optional, own)

    def rows(self, buttons: task_buttons.TaskButtons, t: Translator) -> answers_handlers.Rows:
        place = place_of(questions_of(buttons.options), buttons.given)
        if place.question is None:
            return []
        own = answers_handlers.screen_of(place.question.kind).rows(_own(buttons, place, place.question), t)
        back = Button(t.plain("⬅️ Back"), buttons.choose(place.step * SPAN + BACK))
        leave = Button(t.plain("➖ Leave out"), buttons.choose(place.step * SPAN + LEAVE_OUT))
        own_row = (*((back,) if place.step else ()), *(() if place.question.required else (leave,)))
        return [*own, own_row] if own_row else own

    def pictures(self, text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
        return split_option_pictures(text, compared_labels(questions_of(options)))

    def describe_options(self, options: Sequence[str], room: int, t: Translator) -> Html:
        questions = questions_of(options)
        rows = [_question(number, question, questions, t) for number, question in enumerate(questions, 1)]
        return Html(shorten_html("\n".join(rows), room))

    def describe(self, answer: str, t: Translator) -> str:
        return " · ".join(
            f"{clipped(text, TEXT)} → {_describe_answers(kind, texts, t)}" for text, kind, texts in _rows(answer)
        )

    def describe_fully(self, answer: str, t: Translator) -> str:
        rows = [f"{text} → {_all_said(kind, texts, t)}" for text, kind, texts in _rows(answer)]
        return "\n".join(["", *rows] if len(rows) > 1 else rows)

    def right(self, gold: list[str], most: int, t: Translator) -> str:
        return " · ".join(
            f"{clipped(text, TEXT)} → {answers_handlers.screen_of(kind).right(gold_texts, most, t)}"
            for form in gold[:1]
            for text, kind, gold_texts in _rows(form)
        )

    def describe_miss(self, answer: str, gold: list[str], most: int, length: int, t: Translator) -> tuple[str, str]:
        """Return the questions that were answered wrongly, with their right answers; of a single one also the worker's
        answer."""
        own_answers = {text: own_answer for text, _, own_answer in _rows(answer)}
        rows = [row for form in gold[:1] for row in _rows(form)]
        wrong = [row for row in rows if _is_wrong(own_answers.get(row[0]), row)] or rows
        right = " · ".join(
            f"{clipped(text, TEXT)} → {_describe_answers(kind, gold_texts[:1], t)}"
            for text, kind, gold_texts in wrong[:most]
        )
        own_answer = own_answers.get(wrong[0][0]) if len(wrong) == 1 else None
        return right, _describe_answers(wrong[0][1], own_answer, t) if own_answer else ""


def _is_wrong(answer: list[str] | None, gold: tuple[str, str, list[str]]) -> bool:
    return answer is None or not kind_of(gold[1]).is_right(answer[0], gold[2])


def _rows(display: str) -> list[tuple[str, str, list[str]]]:
    """Text, kind and answers of each question (`Form.shown`)."""
    return [(text, kind, texts) for text, kind, texts in json.loads(display)]


def _describe_answers(kind: str, answers: list[str], t: Translator) -> str:
    return t.one_of([clipped(answers_handlers.screen_of(kind).describe(answer, t), SAID) for answer in answers])


def _all_said(kind: str, answers: list[str], t: Translator) -> str:
    return t.one_of([answers_handlers.screen_of(kind).describe_fully(answer, t) for answer in answers])


def _latest_answers(place: DraftPlace, t: Translator) -> Html | None:
    """The latest answers."""
    answered = [
        t("✓ {question} <b>{answer}</b>", question=clipped(question.text, TEXT), answer=_answer(question, place, t))
        for question in place.questions_before[-LAST:]
    ]
    return lines(*answered) if answered else None


def _answer(question: FormQuestion, place: DraftPlace, t: Translator) -> str:
    answer = place.answers.get(question.name)
    return t.plain("left out") if answer is None else _describe_answers(question.kind, [answer], t)


def _own(buttons: task_buttons.TaskButtons, place: DraftPlace, question: FormQuestion) -> task_buttons.TaskButtons:
    """Return the buttons of the question's own kind; each button names the step to which it belongs."""

    def choose(option: int) -> str:
        return buttons.choose(place.step * SPAN + option)

    return task_buttons.TaskButtons(
        question.options, given=place.presses, press=choose, choose=choose, undo=choose(UNDO), done=choose(DONE)
    )


def _question(number: int, asked_question: FormQuestion, questions: Sequence[FormQuestion], t: Translator) -> Html:
    """“2. How many? [ 1 ] [ 2 ] · only if Is there a car?: yes · optional”."""
    texts = {question.name: clipped(question.text, TEXT) for question in questions}
    conditions = [_condition(question, texts[question.question], t) for question in asked_question.conditions]
    parts = (
        t("{number}. {question}", number=t.number(number), question=asked_question.text),
        answers_handlers.screen_of(asked_question.kind).describe_options(asked_question.options, LISTED, t)
        if asked_question.options
        else Html(""),
        *conditions,
        Html("") if asked_question.required else t("may be left out"),
    )
    return Html(" · ".join(filter(None, parts)))


def _condition(condition: QuestionCondition, question: str, t: Translator) -> Html:
    words = {"question": question, "answer": " / ".join(condition.values)}
    if condition.comparison is Comparison.IS:
        return t("only if “{question}” is {answer}", **words)
    if condition.comparison is Comparison.IS_NOT:
        return t("only if “{question}” is not {answer}", **words)
    return t("only if “{question}” {sign} {answer}", sign=condition.comparison.value, **words)


SCREEN = FormScreen()
