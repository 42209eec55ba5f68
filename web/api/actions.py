"""Actions of programs that the chat does in several steps, or words as people type them."""

from decimal import Decimal

from domain.conduct.gold_challenges import ChallengeId
from domain.fairness.messages.questions import AnswerPublished
from domain.fairness.questions import QuestionId
from domain.money.amounts import Millionths, from_decimal
from domain.money.messages.funds import BonusGiven, FundingAsked
from domain.projects.authoring.edit_messages import EditPage
from domain.projects.messages import Preflight, ProjectLaunched
from domain.projects.projects import ProjectId
from domain.quality.messages.gold import GoldDecided
from services.act import Act, Reply
from services.fairness.questions import answers
from services.money import funding
from services.money.bonuses import bonus
from services.projects import holding, launches, ownership, pay_raises, preflight, stopping
from services.projects.authoring import clones, edits
from services.quality import gold_challenges
from web.api import bodies
from web.api.problems import Problem


def launch(act: Act, number: int, most: int | None) -> object:
    """One that takes more than `most` is not made."""
    project = ownership.mine(act.unit, act.person, number)
    cost = preflight.price_of(act.unit, project, act.house.terms).total
    told = launches.launch(act, ProjectId(number))
    takes = told.done.held if isinstance(told.done, ProjectLaunched) else cost
    if most is not None and takes > most:
        detail = f"The launch costs {takes} millionths by now, more than {most}."
        raise Problem(409, "price", detail, facts={"most": most, "needed": takes})
    return told


def none(act: Act) -> None:
    """Files are read by jobs/uploads."""


def answer(act: Act, number: int, answer: str) -> AnswerPublished:
    return answers.answer(act, QuestionId(number), answer)


def clone(act: Act, number: int, what: str) -> Preflight:
    """The card comes last."""
    card = clones.clone(act, ProjectId(number), what)[-1]
    assert isinstance(card, Preflight)  # noqa: S101 - shown after its task
    return card


def edit(act: Act, number: int, **said: str | list[str] | None) -> EditPage:
    """Of a running project: its next version."""
    return edits.reworded(act, ProjectId(number), bodies.Edit.model_validate(said).keys)


def hold(act: Act, number: int) -> Reply:
    return holding.hold(act, ProjectId(number), True)


def resume(act: Act, number: int) -> Reply:
    return holding.hold(act, ProjectId(number), False)


def raise_pay(act: Act, number: int, pay: str) -> object:
    return pay_raises.raise_pay(act, ProjectId(number), millionths(pay))


def stop(act: Act, number: int) -> object:
    return stopping.stop(act, ProjectId(number), sure=True)


def give_bonus(act: Act, worker: str, amount: str, reason: str) -> BonusGiven:
    return bonus.to(act, worker, *bonus.checked(millionths(amount), reason))


def fund(act: Act, amount: str) -> FundingAsked:
    return funding.fund(act, f"{Decimal(amount):.2f}" if Decimal(amount) % Decimal("0.01") == 0 else amount)


def decide_gold(act: Act, challenge: int, stands: bool) -> GoldDecided:
    return gold_challenges.decide(act, ChallengeId(challenge), stands)


def millionths(amount: str) -> Millionths:
    return from_decimal(Decimal(amount))
