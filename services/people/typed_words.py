"""Words that people type where a command would do: “hi”, “?”, “stop”, “annuler”."""

from domain.normalization import fold_case_and_accents
from domain.people.onboarding import WelcomeBack
from locales.languages import words_for
from services.act import Act, Reply
from services.money import wallet
from services.people import onboarding
from services.projects import wizard
from services.work import corrections, submit

HELP, CANCEL, UNDO, STOP = words_for("help"), words_for("cancel"), words_for("undo"), words_for("stop")
HELLO, THANKS = words_for("hello"), words_for("thanks")
WORK, BALANCE, LANGUAGE = words_for("work"), words_for("balance"), words_for("language")


def take_word_for_form(act: Act, text: str) -> object:
    """Return the result of a word that cancels the open form or asks for help, None for an answer to the form."""
    word = _read_word(text)
    if word in CANCEL:
        return wizard.cancel_form(act)
    return onboarding.show_help(act) if word in HELP else None


def take_word(act: Act, text: str) -> object:
    """Return the result of a word that stands for a command while no question and no task wants words; None for other
    words. Raise TooLateToChange for an answer that can be changed no more."""
    word, person = _read_word(text), act.person
    if word in HELP:
        return onboarding.show_help(act)
    if word in LANGUAGE:
        return onboarding.ask_language(act)
    if not person.is_worker:
        return onboarding.start(act) if word in HELLO else None
    if word in HELLO | THANKS:
        return WelcomeBack(person.name, thanked=word in THANKS)
    if word in WORK:
        submit.ask_for_work(act)
        return Reply(None)
    if word in BALANCE:
        return wallet.show_balance(act)
    if word in STOP:
        return submit.stop_work(act)
    if word in UNDO | CANCEL:
        answered = act.unit.assignments.answered_last(person.id)
        return None if answered is None else corrections.reopen_answer(act, answered.id, 0)
    return None


def _read_word(text: str) -> str:
    return fold_case_and_accents(text.strip().rstrip("!.…").strip()) or text.strip()
