"""Screening questions, which some projects ask workers about themselves: asked, answered, listed and deleted."""

from html import escape

from domain.people.screening import NO_ANSWER, ScreeningAsked, ScreeningList, ScreeningSaid
from handlers.payloads.people import ShowSettings
from handlers.payloads.qualifications import AnswerScreening, AskScreening
from handlers.payloads.work import AskForWork
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator

WORDS, LABEL = 200, 40


@shows(ScreeningAsked)
def asked(m: ScreeningAsked, t: Translator) -> Screen:
    options = tuple(
        (Button(clipped(option, LABEL), AnswerScreening(question=m.question, option=at).pack()),)
        for at, option in enumerate(m.options)
    )
    not_said = AnswerScreening(question=m.question, option=NO_ANSWER).pack()
    return Screen(
        lines(
            Html(f"❓ <b>{escape(clipped(m.words, WORDS), quote=False)}</b>"),
            t(
                "Some projects are only for people with a certain answer. It is up to you: other work goes on as before."
            ),
            t(
                "Your answer is kept apart and shown to nobody; a requester learns at most that you fit. Change or delete it in /settings."
            ),
        ),
        (*options, (Button(t.plain("Rather not say"), not_said),)),
    )


@shows(ScreeningSaid)
def said(m: ScreeningSaid, t: Translator) -> Screen:
    work = (Button(t.plain("▶️ See the work"), AskForWork().pack()),)
    kept = t("Kept. Change or delete it in /settings at any time.")
    return Screen(
        lines(_line(m, t), kept if m.answer is not None else t("Fine: nothing is kept.")), (*_change(m, t), work)
    )


@shows(ScreeningList)
def listed(m: ScreeningList, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❓ <b>Questions about you</b>"),
            *(_line(each, t) for each in m.said),
            None if m.said else t("You were asked none yet."),
        ),
        (
            *(row for each in m.said for row in _change(each, t, clipped(each.words, LABEL // 2))),
            (Button(t.plain("⬅️ Back"), ShowSettings(page="main").pack()),),
        ),
    )


def _line(of: ScreeningSaid, t: Translator) -> Html:
    words = clipped(of.words, WORDS)
    if of.answer is None:
        return t("{question} <i>not said</i>", question=words)
    said = clipped(of.answer, LABEL)
    return Html(f"{escape(words, quote=False)} <b>{escape(said, quote=False)}</b>")


def _change(of: ScreeningSaid, t: Translator, about: str = "") -> Keyboard:
    change = Button(f"✏️ {about}" if about else t.plain("✏️ Change"), AskScreening(question=of.question).pack())
    if of.answer is None:
        return ((change,),)
    gone = AnswerScreening(question=of.question, option=NO_ANSWER).pack()
    return ((change, Button(t.plain("🗑 Delete"), gone)),)
