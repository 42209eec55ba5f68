"""The words of the register of automated decisions: a name and an explanation for each, the data, and who can change
it."""

from typing import NamedTuple

from domain.fairness.automated import BY_NAME, Datum, Who
from locales import Html, Translator


class Words(NamedTuple):
    name: str
    does: Html


def named(about: str, t: Translator) -> str:
    """A decision's name; of what the register does not have, or not any more: something else."""
    return words(t)[about].name if about in BY_NAME else t.plain("Something else")


def words(t: Translator) -> dict[str, Words]:
    return {**_of_asking(t), **_of_you(t), **_of_pay(t), **_of_projects(t)}


def _of_asking(t: Translator) -> dict[str, Words]:
    return {
        "turn": Words(
            t.plain("Who is asked next"),
            t(
                "Who has waited longest is asked next. Of a project you get the task to which your answer adds most. After three tasks you left, nothing comes unasked until /work."
            ),
        ),
        "audience": Words(
            t.plain("Projects for some people"),
            t(
                "A requester can ask only people of a country, who did well in their earlier project, who did not answer there, or who came by their link, and up to so many tasks each. You see what is for you. Your country is yours to tell: /settings."
            ),
        ),
        "programs": Words(
            t.plain("Requesters' programs"),
            t(
                "A requester's program can score a test by its key, and accept or reject an answer by what is known or what most say. You get the score, or the reason. You can appeal against every rejection: people judge it."
            ),
        ),
        "later": Words(
            t.plain("Asked later"),
            t(
                "Where your answers tell much less than those of others, you are asked after them: one task in ten minutes at least. It ends when your answers tell more."
            ),
        ),
        "time": Words(
            t.plain("Time is up"),
            t(
                "A task you don't answer in its time goes to somebody else. A late answer is paid while its place is free. If this bot was down, you get the time back."
            ),
        ),
    }


def _of_you(t: Translator) -> dict[str, Words]:
    return {
        "evidence": Words(
            t.plain("Signs of bad work"),
            t(
                "Answers are compared: like chance, always the same, too fast to be read, the same as somebody else's, a model's words. Weak signs bring more check questions. Stronger ones: nothing comes unasked, and others are asked first. Your pay stays the same."
            ),
        ),
        "restriction": Words(
            t.plain("Restrictions"),
            t(
                "On very strong signs a machine stops the tasks of one project for 7 days, later up to 28. A human confirms it within 72 hours and says why, or it ends. What you earned stays yours. A machine never suspends anybody."
            ),
        ),
        "same_person": Words(
            t.plain("Same account, same person"),
            t(
                "Who is paid to the same bank account does not get the same task twice, and no task of their own project. Who left and comes back keeps what was decided. Only codes are compared."
            ),
        ),
    }


def _of_pay(t: Translator) -> dict[str, Words]:
    return {
        "probation": Words(
            t.plain("Pay that waits"),
            t(
                "In a new project your pay waits until enough check questions are right. After 72 hours without a human's decision it is yours."
            ),
        ),
        "topup": Words(
            t.plain("Top-ups"),
            t(
                "The time of answers is measured. Where their pay is below the floor per hour, the difference is added. Nothing is ever taken away by it."
            ),
        ),
        "gold": Words(
            t.plain("Wrong check questions"),
            t(
                "Most workers missed a check question? Its requester is asked whether it is right. One that good workers contradict is set aside until then. If it was wrong, everything it caused is counted again."
            ),
        ),
        "judges": Words(
            t.plain("Who judges appeals"),
            t(
                "Three judges are drawn by lot among workers with good answers who have nothing to do with the case. If they stay silent, you are paid."
            ),
        ),
    }


def _of_projects(t: Translator) -> dict[str, Words]:
    return {
        "tax_form": Words(
            t.plain("Payouts that wait"),
            t(
                "The law (DAC7) asks for a tax form. We ask with your first payout and remind you twice. After 60 days payouts wait until it is there; your money stays yours."
            ),
        ),
        "contributions": Words(
            t.plain("Contributions kept"),
            t("Of micro-entrepreneurs in France, a part of each payout is kept for Urssaf, where this is switched on."),
        ),
        "pause": Words(
            t.plain("Projects that stop"),
            t(
                "A project stops by itself: pay under the floor, too many rejections, reports, a question without an answer, tasks that can't be shown. What you answered is paid."
            ),
        ),
    }


def data(t: Translator) -> dict[Datum, str]:
    return {
        Datum.ANSWERS: t.plain("your answers"),
        Datum.CHECKS: t.plain("check questions"),
        Datum.OTHERS: t.plain("what others answered"),
        Datum.TIMES: t.plain("how long answers took"),
        Datum.SERVED: t.plain("when you last got a task"),
        Datum.SETTINGS: t.plain("your /settings and languages"),
        Datum.UNANSWERED: t.plain("tasks you left"),
        Datum.FILES: t.plain("fingerprints of files you sent"),
        Datum.MODELS: t.plain("answers of AI models in the requester's file"),
        Datum.ACCOUNT: t.plain("a code made of your bank account"),
        Datum.TRACE: t.plain("a code made of your Telegram id"),
        Datum.PAY: t.plain("the pay"),
        Datum.REJECTIONS: t.plain("rejections"),
        Datum.REPORTS: t.plain("reports of workers"),
        Datum.QUESTIONS: t.plain("unanswered questions"),
        Datum.DELIVERY: t.plain("whether messages arrive"),
        Datum.CLOCK: t.plain("the clock"),
        Datum.FORM: t.plain("whether your tax form is there"),
        Datum.RATE: t.plain("the rate that Urssaf gave for your SIRET"),
    }


def people(t: Translator) -> dict[Who, str]:
    return {
        Who.YOU: t.plain("you: /settings, /tasks, /work"),
        Who.FILLED: t.plain("you: save the tax form under /payout"),
        Who.ADMIN: t.plain("whoever runs this bot, when you complain"),
        Who.ANSWERED: t.plain("nobody directly. Complain: a human looks and answers"),
        Who.REQUESTER: t.plain("the requester"),
        Who.JUDGES: t.plain("other workers, as judges"),
    }
