"""The table of the API's endpoints: one for each thing that a program can ask for. The services are the chat's."""

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
from services.projects import audience, drafts, edits, launches, lifecycle, pay_raises, preflight, progress, projects
from services.quality import gold, gold_challenges, model_reviews
from services.work import redos
from web.api import bodies
from web.api.bodies import PageQuery
from web.api.endpoint import AnswerWay, Endpoint, Problem
from web.api.exports import TableQuery


def launch_project(act: Act, number: int, most: int | None) -> object:
    """Launch the project. Raise Problem 409 if that sets aside more than `most` millionths: the transaction is then
    rolled back."""
    project = projects.mine(act.unit, act.person, number)
    cost = preflight.price_of(act.unit, project, act.house.terms).total
    reply = launches.launch_project(act, ProjectId(number))
    amount = reply.done.held if isinstance(reply.done, ProjectLaunched) else cost
    if most is not None and amount > most:
        detail = f"The launch costs {amount} millionths by now, more than {most}."
        raise Problem(409, "price", detail, facts={"most": most, "needed": amount})
    return reply


def no_service(act: Act) -> None:
    """Do nothing: files are read by jobs/uploads."""


def answer_question(act: Act, number: int, answer: str) -> AnswerPublished:
    return questions.answer_question(act, QuestionId(number), answer)


def clone_project(act: Act, number: int, what: str) -> Preflight:
    """Clone the project and return the pre-flight card of the draft."""
    card = drafts.clone_project(act, ProjectId(number), what)[-1]
    assert isinstance(card, Preflight)  # noqa: S101 - shown after its task
    return card


def edit_project(act: Act, number: int, **fields: str | list[str] | None) -> EditPage:
    """Change what workers read and return the edit's page; of a running project this makes the next version."""
    return edits.edit_parts(act, ProjectId(number), bodies.Edit.model_validate(fields).keys)


def hold_project(act: Act, number: int) -> Reply:
    return lifecycle.set_pause(act, ProjectId(number), True)


def resume_project(act: Act, number: int) -> Reply:
    return lifecycle.set_pause(act, ProjectId(number), False)


def raise_pay(act: Act, number: int, pay: str) -> object:
    return pay_raises.raise_pay(act, ProjectId(number), millionths(pay))


def stop_project(act: Act, number: int) -> object:
    return lifecycle.stop_project(act, ProjectId(number), sure=True)


def give_bonus(act: Act, worker: str, amount: str, reason: str) -> BonusGiven:
    return bonus.give_amount(act, worker, *bonus.require_amount_and_reason(millionths(amount), reason))


def ask_funding(act: Act, amount: str) -> FundingAsked:
    return funds.get_transfer(act, f"{Decimal(amount):.2f}" if Decimal(amount) % Decimal("0.01") == 0 else amount)


def decide_gold(act: Act, challenge: int, stands: bool) -> GoldDecided:
    return gold_challenges.decide_challenge(act, ChallengeId(challenge), stands)


def millionths(amount: str) -> Millionths:
    return from_decimal(Decimal(amount))


READ, DRAFT, SPEND = Scope.READ, Scope.DRAFT, Scope.SPEND


def _table_name(what: str) -> str:
    return what


def _table(what: str, means: str) -> Endpoint:
    path = f"/projects/{{number}}/{what}"
    return Endpoint(
        "GET", path, READ, means, partial(_table_name, what), query=TableQuery, way=AnswerWay.FILE, stays=what != TASKS
    )


def _with_tag(tag: str, *endpoints: Endpoint) -> tuple[Endpoint, ...]:
    return tuple(replace(endpoint, tag=tag) for endpoint in endpoints)


PROJECTS = _with_tag(
    "projects",
    Endpoint(
        "GET", "/projects", READ, "your projects, oldest first", progress.page_of_projects, answers=programs.Projects,
        query=PageQuery,
        stays=True,
    ),
    Endpoint(
        "POST", "/projects", DRAFT, "a draft from rows or a file, and its pre-flight card", no_service,
        answers=Preflight,
        body=bodies.NewProject, way=AnswerWay.UPLOAD, status=201,
    ),
    Endpoint(
        "GET", "/projects/{number}", READ, "how a project stands", progress.get_progress,
        answers=ProjectProgress, stays=True,
    ),
    Endpoint(
        "PATCH", "/projects/{number}", DRAFT, "what workers read: of a running project, its next version",
        edit_project, answers=EditPage, body=bodies.Edit,
    ),
    Endpoint(
        "DELETE", "/projects/{number}", DRAFT, "delete a draft", lifecycle.delete_draft,
        answers=DraftDeleted, stays=True,
    ),
    Endpoint(
        "GET", "/projects/{number}/preflight", READ, "what a launch costs and what workers will see",
        preflight.card_of, answers=Preflight,
    ),
    Endpoint(
        "POST", "/projects/{number}/tasks", DRAFT, "more tasks: offered after the next launch", no_service,
        answers=Preflight, body=bodies.NewTasks, way=AnswerWay.UPLOAD, status=201,
    ),
    Endpoint(
        "POST", "/projects/{number}/launch", SPEND, "set the whole budget aside and start", launch_project,
        answers=ProjectLaunched | LaunchWaits, query=bodies.LaunchQuery,
    ),
    Endpoint(
        "POST", "/projects/{number}/launch-requests", DRAFT, "ask its owner in the chat to launch it, by a button",
        launches.request_launch, answers=LaunchAsked,
    ),
    Endpoint(
        "GET", "/launch-requests/{number}", READ, "what became of it", launches.get_launch_request,
        answers=LaunchAsked,
    ),
    Endpoint(
        "POST",
        "/projects/{number}/clone",
        DRAFT,
        "a new draft with its settings",
        clone_project,
        answers=Preflight,
        body=bodies.Clone,
        status=201,
    ),
    Endpoint(
        "POST",
        "/projects/{number}/invitation",
        DRAFT,
        "a link that invites people to it",
        audience.show_invitation,
        answers=InviteLink,
    ),
    Endpoint("POST", "/projects/{number}/hold", DRAFT, "pause it", hold_project, answers=ProjectProgress),
    Endpoint("POST", "/projects/{number}/resume", DRAFT, "let it go on", resume_project, answers=ProjectProgress),
    Endpoint(
        "POST", "/projects/{number}/raise", SPEND, "raise the pay; of a draft, set it", raise_pay,
        answers=PayRaised | Preflight, body=bodies.Raise,
    ),
    Endpoint(
        "POST", "/projects/{number}/stop", SPEND, "end it; what is not needed comes back", stop_project,
        answers=ProjectStopped, stays=True,
    ),
)  # fmt: skip
TABLES = _with_tag(
    "tables",
    _table(TASKS, "one row a task, as it was sent"),
    _table(SUBMISSIONS, "one row an answer"),
    _table(RESULTS, "one row a task: its consensus, and how sure it is"),
)
REVIEW = _with_tag(
    "review",
    Endpoint(
        "GET", "/projects/{number}/review", READ, "answers that wait for your decision", review.list_waiting_answers,
        answers=programs.WaitingAnswers, query=PageQuery, stays=True, writes=True,
    ),
    Endpoint(
        "POST", "/submissions/{submission}/accept", SPEND, "pay an answer now", review.accept_answer,
        answers=programs.Accepted,
        stays=True,
    ),
    Endpoint(
        "POST", "/submissions/{submission}/reject", SPEND, "reject an answer by a line of the instructions",
        review.reject_answer, answers=RejectionMade, body=bodies.Rejection,
    ),
    Endpoint(
        "POST", "/submissions/{submission}/redo", SPEND, "ask its worker for it once more, paid again",
        redos.ask_for, answers=RedoSent, body=bodies.Redo,
    ),
)  # fmt: skip
MONEY = _with_tag(
    "money",
    Endpoint(
        "GET", "/balance", READ, "your money: free, and held for projects", funds.read_funds,
        answers=Funds, stays=True,
    ),
    Endpoint(
        "POST", "/bonuses", SPEND, "thank a worker of yours", give_bonus, answers=BonusGiven, body=bodies.Bonus,
        status=201,
    ),
    Endpoint(
        "POST", "/funding", DRAFT, "where to send money, and under which reference", ask_funding, answers=FundingAsked,
        body=bodies.Funding,
    ),
)  # fmt: skip
GOLD = _with_tag(
    "gold",
    Endpoint(
        "POST", "/projects/{number}/gold", DRAFT, "make a task a check question", gold.make_by_name,
        answers=programs.GoldMade, body=bodies.Gold,
    ),
    Endpoint(
        "GET", "/projects/{number}/gold/contested", READ, "check questions that workers contest",
        gold.list_contested, answers=programs.Contested, query=PageQuery,
    ),
    Endpoint(
        "POST", "/gold/contested/{challenge}", DRAFT, "decide whether a known answer stands", decide_gold,
        answers=GoldDecided, body=bodies.Decision,
    ),
)  # fmt: skip
QUESTIONS = _with_tag(
    "questions",
    Endpoint(
        "GET", "/projects/{number}/questions", READ, "questions that wait for you, and the newest answers",
        questions.list_questions, answers=programs.Questions, query=PageQuery,
    ),
    Endpoint(
        "POST", "/questions/{number}/answer", DRAFT, "answer a worker's question", answer_question,
        answers=AnswerPublished,
        body=bodies.AnswerText,
    ),
)  # fmt: skip
MODELS = _with_tag(
    "models",
    Endpoint(
        "POST", "/reviews", SPEND, "a model's answer: settled at once, or by people",
        model_reviews.request_review, answers=Review,
        body=bodies.NewReview,
    ),
    Endpoint(
        "GET", "/reviews/{number}", READ, "what became of it", model_reviews.get_review,
        answers=Review, stays=True,
    ),
)  # fmt: skip
ENDPOINTS = (*PROJECTS, *TABLES, *REVIEW, *MONEY, *GOLD, *QUESTIONS, *MODELS)
