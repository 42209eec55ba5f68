"""THE TABLE of the API: one line for each thing a program can ask for. The services are the chat's."""

from dataclasses import replace
from functools import partial

from domain import programs
from domain.fairness.messages.first_look import LaunchWaits
from domain.fairness.messages.questions import AnswerPublished
from domain.fairness.messages.review import RejectionMade
from domain.money.messages.funds import BonusGiven, FundingAsked, Funds
from domain.people.api_keys import Scope
from domain.projects.authoring.edit_messages import EditPage
from domain.projects.draft_messages import InviteLink
from domain.projects.launch_requests import LaunchAsked
from domain.projects.messages import (
    DraftDeleted,
    PayRaised,
    Preflight,
    ProjectLaunched,
    ProjectProgress,
    ProjectStopped,
)
from domain.projects.tasks import Review
from domain.quality.messages.gold import GoldDecided
from domain.work.redo_messages import RedoSent
from jobs.programs.table_pages import RESULTS, SUBMISSIONS, TASKS
from services.fairness import review
from services.fairness.questions import listing as questions
from services.fairness.reviewing import redo_requests
from services.money import funds
from services.projects import listing, preflight, stopping
from services.projects.audience import invitations
from services.projects.authoring import launch_requests
from services.quality import gold_by_name, model_reviews
from web.api import actions, bodies
from web.api.bodies import PageQuery
from web.api.endpoint import Endpoint, Way
from web.api.exports import TableQuery

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
        "GET", "/projects", READ, "your projects, oldest first", listing.page, programs.Projects, query=PageQuery,
        stays=True,
    ),
    Endpoint(
        "POST", "/projects", DRAFT, "a draft from rows or a file, and its pre-flight card", actions.none, Preflight,
        body=bodies.NewProject, way=Way.UPLOAD, status=201,
    ),
    Endpoint(
        "GET", "/projects/{number}", READ, "how a project stands", listing.one, ProjectProgress, stays=True
    ),
    Endpoint(
        "PATCH", "/projects/{number}", DRAFT, "what workers read: of a running project, its next version",
        actions.edit, EditPage, body=bodies.Edit,
    ),
    Endpoint("DELETE", "/projects/{number}", DRAFT, "delete a draft", stopping.delete, DraftDeleted, stays=True),
    Endpoint(
        "GET", "/projects/{number}/preflight", READ, "what a launch costs and what workers will see",
        preflight.card_of, Preflight,
    ),
    Endpoint(
        "POST", "/projects/{number}/tasks", DRAFT, "more tasks: offered after the next launch", actions.none,
        Preflight, body=bodies.NewTasks, way=Way.UPLOAD, status=201,
    ),
    Endpoint(
        "POST", "/projects/{number}/launch", SPEND, "set the whole budget aside and start", actions.launch,
        ProjectLaunched | LaunchWaits, query=bodies.LaunchQuery,
    ),
    Endpoint(
        "POST", "/projects/{number}/launch-requests", DRAFT, "ask its owner in the chat to launch it, by a button",
        launch_requests.ask, LaunchAsked,
    ),
    Endpoint("GET", "/launch-requests/{number}", READ, "what became of it", launch_requests.read, LaunchAsked),
    Endpoint(
        "POST",
        "/projects/{number}/clone",
        DRAFT,
        "a new draft with its settings",
        actions.clone,
        Preflight,
        body=bodies.Clone,
        status=201,
    ),
    Endpoint(
        "POST",
        "/projects/{number}/invitation",
        DRAFT,
        "a link that invites people to it",
        invitations.show,
        InviteLink,
    ),
    Endpoint("POST", "/projects/{number}/hold", DRAFT, "pause it", actions.hold, ProjectProgress),
    Endpoint("POST", "/projects/{number}/resume", DRAFT, "let it go on", actions.resume, ProjectProgress),
    Endpoint(
        "POST", "/projects/{number}/raise", SPEND, "raise the pay; of a draft, set it", actions.raise_pay,
        PayRaised | Preflight, body=bodies.Raise,
    ),
    Endpoint(
        "POST", "/projects/{number}/stop", SPEND, "end it; what is not needed comes back", actions.stop,
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
        "GET", "/projects/{number}/review", READ, "answers that wait for your decision", review.waiting,
        programs.WaitingAnswers, query=PageQuery, stays=True, writes=True,
    ),
    Endpoint(
        "POST", "/submissions/{submission}/accept", SPEND, "pay an answer now", review.accept_one, programs.Accepted,
        stays=True,
    ),
    Endpoint(
        "POST", "/submissions/{submission}/reject", SPEND, "reject an answer by a line of the instructions",
        review.reject_by, RejectionMade, body=bodies.Rejection,
    ),
    Endpoint(
        "POST", "/submissions/{submission}/redo", SPEND, "ask its worker for it once more, paid again",
        redo_requests.ask_for, RedoSent, body=bodies.Redo,
    ),
)  # fmt: skip
MONEY = _tagged(
    "money",
    Endpoint("GET", "/balance", READ, "your money: free, and held for projects", funds.read, Funds, stays=True),
    Endpoint(
        "POST", "/bonuses", SPEND, "thank a worker of yours", actions.give_bonus, BonusGiven, body=bodies.Bonus,
        status=201,
    ),
    Endpoint(
        "POST", "/funding", DRAFT, "where to send money, and under which reference", actions.fund, FundingAsked,
        body=bodies.Funding,
    ),
)  # fmt: skip
GOLD = _tagged(
    "gold",
    Endpoint(
        "POST", "/projects/{number}/gold", DRAFT, "make a task a check question", gold_by_name.make,
        programs.GoldMade, body=bodies.Gold,
    ),
    Endpoint(
        "GET", "/projects/{number}/gold/contested", READ, "check questions that workers contest",
        gold_by_name.contested, programs.Contested, query=PageQuery,
    ),
    Endpoint(
        "POST", "/gold/contested/{challenge}", DRAFT, "decide whether a known answer stands", actions.decide_gold,
        GoldDecided, body=bodies.Decision,
    ),
)  # fmt: skip
QUESTIONS = _tagged(
    "questions",
    Endpoint(
        "GET", "/projects/{number}/questions", READ, "questions that wait for you, and the newest answers",
        questions.page, programs.Questions, query=PageQuery,
    ),
    Endpoint(
        "POST", "/questions/{number}/answer", DRAFT, "answer a worker's question", actions.answer, AnswerPublished,
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
