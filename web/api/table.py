"""THE TABLE of the API: one line for each thing a program can ask for. The services are the chat's."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

from domain import programs
from domain.fairness.first_look import LaunchWaits
from domain.fairness.questions import AnswerPublished, QuestionId
from domain.fairness.review import RejectionMade
from domain.money.amounts import Millionths, from_decimal
from domain.money.bonus import BonusGiven
from domain.money.funds import FundingAsked, Funds
from domain.people.accounts import Scope
from domain.projects.edits import EditPage
from domain.projects.launches import LaunchAsked, ProjectLaunched
from domain.projects.lifecycle import DraftDeleted, ProjectStopped
from domain.projects.pay_raises import PayRaised
from domain.projects.preflight import Preflight
from domain.projects.progress import ProjectProgress
from domain.projects.projects import InviteLink, ProjectId
from domain.projects.tasks import Review
from domain.quality.gold import GoldDecided
from domain.quality.gold_challenges import ChallengeId
from domain.work.redos import RedoSent
from jobs.table_pages import RESULTS, SUBMISSIONS, TASKS
from services.act import Act, Reply
from services.fairness import questions, review
from services.money import bonus, funds
from services.projects import (
    audience,
    drafts,
    edits,
    launches,
    lifecycle,
    pay_raises,
    preflight,
    progress,
    projects,
)
from services.quality import gold, gold_challenges, model_reviews
from services.work import redos
from web.api import bodies
from web.api.bodies import PageQuery
from web.api.endpoint import Endpoint, Problem, Way
from web.api.exports import TableQuery


def launch(act: Act, number: int, most: int | None) -> object:
    """One that takes more than `most` is not made."""
    project = projects.mine(act.unit, act.person, number)
    cost = preflight.price_of(act.unit, project, act.house.terms).total
    told = launches.launch_project(act, ProjectId(number))
    takes = told.done.held if isinstance(told.done, ProjectLaunched) else cost
    if most is not None and takes > most:
        detail = f"The launch costs {takes} millionths by now, more than {most}."
        raise Problem(409, "price", detail, facts={"most": most, "needed": takes})
    return told


def none(act: Act) -> None:
    """Files are read by jobs/uploads."""


def answer(act: Act, number: int, answer: str) -> AnswerPublished:
    return questions.answer_question(act, QuestionId(number), answer)


def clone(act: Act, number: int, what: str) -> Preflight:
    """The card comes last."""
    card = drafts.clone_project(act, ProjectId(number), what)[-1]
    assert isinstance(card, Preflight)  # noqa: S101 - shown after its task
    return card


def edit(act: Act, number: int, **said: str | list[str] | None) -> EditPage:
    """Of a running project: its next version."""
    return edits.edit_parts(act, ProjectId(number), bodies.Edit.model_validate(said).keys)


def hold(act: Act, number: int) -> Reply:
    return lifecycle.set_pause(act, ProjectId(number), True)


def resume(act: Act, number: int) -> Reply:
    return lifecycle.set_pause(act, ProjectId(number), False)


def raise_pay(act: Act, number: int, pay: str) -> object:
    return pay_raises.raise_pay(act, ProjectId(number), millionths(pay))


def stop(act: Act, number: int) -> object:
    return lifecycle.stop_project(act, ProjectId(number), sure=True)


def give_bonus(act: Act, worker: str, amount: str, reason: str) -> BonusGiven:
    return bonus.give_amount(act, worker, *bonus.require_amount_and_reason(millionths(amount), reason))


def fund(act: Act, amount: str) -> FundingAsked:
    return funds.ask_for_transfer(act, f"{Decimal(amount):.2f}" if Decimal(amount) % Decimal("0.01") == 0 else amount)


def decide_gold(act: Act, challenge: int, stands: bool) -> GoldDecided:
    return gold_challenges.decide(act, ChallengeId(challenge), stands)


def millionths(amount: str) -> Millionths:
    return from_decimal(Decimal(amount))


READ, DRAFT, SPEND = Scope.READ, Scope.DRAFT, Scope.SPEND


def _of(what: str) -> str:
    return what


def _table(what: str, means: str) -> Endpoint:
    path = f"/projects/{{number}}/{what}"
    return Endpoint("GET", path, READ, means, partial(_of, what), query=TableQuery, way=Way.FILE, stays=what != TASKS)


def _tagged(tag: str, *endpoints: Endpoint) -> tuple[Endpoint, ...]:
    return tuple(replace(each, tag=tag) for each in endpoints)


PROJECTS = _tagged(
    "projects",
    Endpoint(
        "GET", "/projects", READ, "your projects, oldest first", progress.page_of_projects, programs.Projects,
        query=PageQuery,
        stays=True,
    ),
    Endpoint(
        "POST", "/projects", DRAFT, "a draft from rows or a file, and its pre-flight card", none, Preflight,
        body=bodies.NewProject, way=Way.UPLOAD, status=201,
    ),
    Endpoint(
        "GET", "/projects/{number}", READ, "how a project stands", progress.get_progress, ProjectProgress, stays=True
    ),
    Endpoint(
        "PATCH", "/projects/{number}", DRAFT, "what workers read: of a running project, its next version",
        edit, EditPage, body=bodies.Edit,
    ),
    Endpoint("DELETE", "/projects/{number}", DRAFT, "delete a draft", lifecycle.delete_draft, DraftDeleted, stays=True),
    Endpoint(
        "GET", "/projects/{number}/preflight", READ, "what a launch costs and what workers will see",
        preflight.card_of, Preflight,
    ),
    Endpoint(
        "POST", "/projects/{number}/tasks", DRAFT, "more tasks: offered after the next launch", none,
        Preflight, body=bodies.NewTasks, way=Way.UPLOAD, status=201,
    ),
    Endpoint(
        "POST", "/projects/{number}/launch", SPEND, "set the whole budget aside and start", launch,
        ProjectLaunched | LaunchWaits, query=bodies.LaunchQuery,
    ),
    Endpoint(
        "POST", "/projects/{number}/launch-requests", DRAFT, "ask its owner in the chat to launch it, by a button",
        launches.request_launch, LaunchAsked,
    ),
    Endpoint("GET", "/launch-requests/{number}", READ, "what became of it", launches.get_launch_request, LaunchAsked),
    Endpoint(
        "POST",
        "/projects/{number}/clone",
        DRAFT,
        "a new draft with its settings",
        clone,
        Preflight,
        body=bodies.Clone,
        status=201,
    ),
    Endpoint(
        "POST",
        "/projects/{number}/invitation",
        DRAFT,
        "a link that invites people to it",
        audience.show_invitation,
        InviteLink,
    ),
    Endpoint("POST", "/projects/{number}/hold", DRAFT, "pause it", hold, ProjectProgress),
    Endpoint("POST", "/projects/{number}/resume", DRAFT, "let it go on", resume, ProjectProgress),
    Endpoint(
        "POST", "/projects/{number}/raise", SPEND, "raise the pay; of a draft, set it", raise_pay,
        PayRaised | Preflight, body=bodies.Raise,
    ),
    Endpoint(
        "POST", "/projects/{number}/stop", SPEND, "end it; what is not needed comes back", stop,
        ProjectStopped, stays=True,
    ),
)  # fmt: skip
TABLES = _tagged(
    "tables",
    _table(TASKS, "one row a task, as it was sent"),
    _table(SUBMISSIONS, "one row an answer"),
    _table(RESULTS, "one row a task: its consensus, and how sure it is"),
)
REVIEW = _tagged(
    "review",
    Endpoint(
        "GET", "/projects/{number}/review", READ, "answers that wait for your decision", review.list_waiting_answers,
        programs.WaitingAnswers, query=PageQuery, stays=True, writes=True,
    ),
    Endpoint(
        "POST", "/submissions/{submission}/accept", SPEND, "pay an answer now", review.accept_answer, programs.Accepted,
        stays=True,
    ),
    Endpoint(
        "POST", "/submissions/{submission}/reject", SPEND, "reject an answer by a line of the instructions",
        review.reject_answer, RejectionMade, body=bodies.Rejection,
    ),
    Endpoint(
        "POST", "/submissions/{submission}/redo", SPEND, "ask its worker for it once more, paid again",
        redos.ask_for, RedoSent, body=bodies.Redo,
    ),
)  # fmt: skip
MONEY = _tagged(
    "money",
    Endpoint("GET", "/balance", READ, "your money: free, and held for projects", funds.read_funds, Funds, stays=True),
    Endpoint(
        "POST", "/bonuses", SPEND, "thank a worker of yours", give_bonus, BonusGiven, body=bodies.Bonus,
        status=201,
    ),
    Endpoint(
        "POST", "/funding", DRAFT, "where to send money, and under which reference", fund, FundingAsked,
        body=bodies.Funding,
    ),
)  # fmt: skip
GOLD = _tagged(
    "gold",
    Endpoint(
        "POST", "/projects/{number}/gold", DRAFT, "make a task a check question", gold.make_by_name,
        programs.GoldMade, body=bodies.Gold,
    ),
    Endpoint(
        "GET", "/projects/{number}/gold/contested", READ, "check questions that workers contest",
        gold.list_contested, programs.Contested, query=PageQuery,
    ),
    Endpoint(
        "POST", "/gold/contested/{challenge}", DRAFT, "decide whether a known answer stands", decide_gold,
        GoldDecided, body=bodies.Decision,
    ),
)  # fmt: skip
QUESTIONS = _tagged(
    "questions",
    Endpoint(
        "GET", "/projects/{number}/questions", READ, "questions that wait for you, and the newest answers",
        questions.list_questions, programs.Questions, query=PageQuery,
    ),
    Endpoint(
        "POST", "/questions/{number}/answer", DRAFT, "answer a worker's question", answer, AnswerPublished,
        body=bodies.AnswerText,
    ),
)  # fmt: skip
MODELS = _tagged(
    "models",
    Endpoint(
        "POST", "/reviews", SPEND, "a model's answer: settled at once, or by people", model_reviews.ask, Review,
        body=bodies.NewReview,
    ),
    Endpoint("GET", "/reviews/{number}", READ, "what became of it", model_reviews.read, Review, stays=True),
)  # fmt: skip
ENDPOINTS = (*PROJECTS, *TABLES, *REVIEW, *MONEY, *GOLD, *QUESTIONS, *MODELS)
