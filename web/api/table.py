"""The table of the API's endpoints: one for each thing that a program can ask for. The services are the chat's."""

from collections.abc import Callable
from functools import partial

from domain import programs
from domain.extensions import load_parts
from domain.fairness.first_look import LaunchWaits
from domain.fairness.questions import AnswerPublished, QuestionId, QuestionReported
from domain.fairness.review import RejectionMade, RestAccepted
from domain.projects.edits import EditPage, VersionsKept
from domain.projects.launches import LaunchAsked, ProjectLaunched
from domain.projects.lifecycle import DraftDeleted, ProjectStopped
from domain.projects.pay_raises import PayRaised, RaiseOffer
from domain.projects.preflight import MoreAsked, MoreOffer, Preflight
from domain.projects.progress import ProjectProgress
from domain.projects.projects import AudiencePage, InviteEnded, InviteLink, ProjectId
from domain.projects.results import HubBegun
from domain.projects.task_table import TasksExtended
from domain.quality.gold import GoldDecided
from domain.quality.gold_challenges import ChallengeId
from domain.work.assignments import SubmissionId
from domain.work.corrections import RedoSent
from domain.work.messages import BUTTON_PAUSE, CONTENT_PAUSE
from formats.writing import DATASHEET, FIGURES, HUB
from jobs.table_pages import RESULTS, SUBMISSIONS, TASKS
from services.act import Act, Reply
from services.fairness import questions, review, stops
from services.money import topups
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
    results,
    task_table,
    wizard,
)
from services.projects.progress import Overview
from services.quality import figures, gold, gold_challenges
from services.quality.figures import QualityPage
from services.work import answer_messages, corrections
from web.api import account_table, bodies
from web.api.bodies import PageQuery, millionths
from web.api.endpoint import DRAFT, READ, SPEND, AnswerWay, Endpoint, Problem, with_tag
from web.api.exports import TableQuery, order_project_file, require_table


def launch_project(act: Act, number: int, most: int | None) -> object:
    """Launch the project. Raise Problem 409 if that sets aside more than `most` millionths: the transaction is then
    rolled back."""
    project = projects.mine(act.unit, act.person, number)
    cost = preflight.price_of(act.unit, project, act.house.terms).total
    return _require_price(launches.launch_project(act, ProjectId(number)), most, cost)


def _require_price(reply: Reply, most: int | None, cost: int = 0) -> Reply:
    """Return the reply of a launch that set aside no more than `most`, or that will cost `cost` once an admin looked.
    Raise Problem 409."""
    amount = reply.done.held if isinstance(reply.done, ProjectLaunched) else cost
    if most is not None and amount > most:
        detail = f"The launch costs {amount} millionths by now, more than {most}."
        raise Problem(409, "price", detail, facts={"most": most, "needed": amount})
    return reply


def no_service(act: Act) -> None:
    """Do nothing: files are read by jobs/uploads."""


def answer_question(act: Act, number: int, answer: str) -> AnswerPublished:
    return questions.answer_question(act, QuestionId(number), answer)


def report_question(act: Act, number: int) -> QuestionReported:
    return questions.report_question(act, QuestionId(number))


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


def raise_pay(act: Act, number: int, pay: str) -> object:
    return pay_raises.raise_pay(act, ProjectId(number), millionths(pay))


def begin_pilot(act: Act, number: int, most: int | None) -> object:
    """Start the first tasks alone. Raise Problem 409 if that sets aside more than `most` millionths."""
    reply = launches.begin_pilot(act, ProjectId(number))
    look = act.unit.first_looks.find(ProjectId(number))
    return _require_price(reply, most, (look.price or 0) if look else 0)


def set_audience(act: Act, number: int, **fields: object) -> Reply:
    return audience.set_conditions(act, ProjectId(number), bodies.WhoIsAsked.model_validate(fields).words)


def choose_way(act: Act, number: int, overlap: int, confidence: float | None) -> Reply:
    return preflight.choose_way(act, ProjectId(number), overlap, round(1000 * (confidence or 0)))


def resume_project(act: Act, number: int) -> Reply:
    """Let the project go on, and pass by the tasks that Telegram could not show."""
    project = projects.mine(act.unit, act.person, number)
    if not {CONTENT_PAUSE, BUTTON_PAUSE}.isdisjoint(project.paused):
        launches.resume_project(act, ProjectId(number))
    return lifecycle.set_pause(act, ProjectId(number), False)


def accept_remaining(act: Act, number: int, last: int) -> RestAccepted:
    return review.accept_remaining(act, ProjectId(number), SubmissionId(last))


def stop_project(act: Act, number: int) -> object:
    return lifecycle.stop_project(act, ProjectId(number), sure=True)


def decide_gold(act: Act, challenge: int, stands: bool) -> GoldDecided:
    return gold_challenges.decide_challenge(act, ChallengeId(challenge), stands)


def _table(what: str, means: str, *serves: Callable[..., object]) -> Endpoint:
    path = f"/projects/{{number}}/{what}"
    return Endpoint(
        "GET", path, READ, means, partial(require_table, what=what), query=TableQuery, way=AnswerWay.FILE,
        stays=what != TASKS, serves=serves, makes=what,
    )  # fmt: skip


def _file(what: str, path: str, mime: str, means: str) -> Endpoint:
    return Endpoint(
        "GET", f"/projects/{{number}}/{path}", READ, means, partial(order_project_file, what=what), way=AnswerWay.FILE,
        stays=True, makes=what, mime=mime,
    )  # fmt: skip


PROJECTS = with_tag(
    "projects",
    Endpoint(
        "GET", "/projects", READ, "your projects and their progress, oldest first", progress.page_of_projects,
        answers=programs.Projects, query=PageQuery, stays=True,
        serves=(progress.list_projects, progress.list_older),
    ),
    Endpoint(
        "POST", "/projects", DRAFT, "a draft from rows or a file, and its pre-flight card", no_service,
        answers=Preflight, body=bodies.NewProject, way=AnswerWay.UPLOAD, status=201,
        serves=(wizard.begin_form, wizard.read_description, drafts.take_first_row),
    ),
    Endpoint(
        "GET", "/projects/{number}", READ, "how a project stands", progress.get_progress,
        answers=ProjectProgress, stays=True, serves=(stops.show_project,),
    ),
    Endpoint(
        "PATCH", "/projects/{number}", DRAFT, "what workers read: of a running project, its next version",
        edit_project, answers=EditPage, body=bodies.Edit,
        serves=(edits.show_editor, edits.ask_for_part, edits.clear_part),
    ),
    Endpoint(
        "DELETE", "/projects/{number}", DRAFT, "delete a draft", lifecycle.delete_draft,
        answers=DraftDeleted, stays=True,
    ),
    Endpoint(
        "GET", "/projects/{number}/preflight", READ, "what a launch costs and what workers will see",
        preflight.card_of, answers=Preflight, serves=(preflight.preview_project,),
    ),
    Endpoint(
        "POST", "/projects/{number}/tasks", DRAFT, "more tasks: offered after the next launch", no_service,
        answers=Preflight, body=bodies.NewTasks, way=AnswerWay.UPLOAD, status=201,
        serves=(wizard.ask_for_file, wizard.addition),
    ),
    Endpoint(
        "POST", "/projects/{number}/launch", SPEND, "set the whole budget aside and start", launch_project,
        answers=ProjectLaunched | LaunchWaits, query=bodies.LaunchQuery,
        serves=(launches.launch_project, launches.launch_at_shown_price, topups.pay_debt_by_button),
    ),
    Endpoint(
        "POST", "/projects/{number}/pilot", SPEND, "start ten of its tasks first", begin_pilot,
        answers=ProjectLaunched | LaunchWaits, query=bodies.LaunchQuery, serves=(launches.begin_pilot,),
    ),
    Endpoint(
        "GET", "/projects/{number}/overview", READ, "how it stands, with its settings and its pay",
        progress.read_overview, answers=Overview, stays=True,
    ),
    Endpoint(
        "GET", "/projects/{number}/quality", READ, "agreement, results on check questions, models, workers",
        figures.read_quality_page, answers=QualityPage, stays=True, serves=(figures.show_quality,),
    ),
    Endpoint(
        "GET", "/projects/{number}/versions", READ, "what workers read, version by version", edits.list_versions,
        answers=VersionsKept, stays=True,
    ),
    Endpoint(
        "GET", "/projects/{number}/more", READ, "what more answers to each task would cost",
        pay_raises.offer_more_answers, answers=MoreOffer,
    ),
    Endpoint(
        "POST", "/projects/{number}/more", SPEND, "ask for more answers to each task",
        pay_raises.ask_for_more_answers, answers=MoreAsked, body=bodies.NewOverlap,
    ),
    Endpoint(
        "POST", "/projects/{number}/tasks/more", SPEND, "ask for more answers to some tasks",
        task_table.ask_for_more_by_name, answers=TasksExtended, body=bodies.MoreOfTasks,
    ),
    Endpoint(
        "PUT", "/projects/{number}/audience", DRAFT, "of a draft: who is asked", set_audience,
        answers=AudiencePage, body=bodies.WhoIsAsked, serves=(audience.show, audience.change_condition),
    ),
    Endpoint(
        "POST", "/projects/{number}/way", DRAFT, "of a draft: take one of the ways to ask that its card offers",
        choose_way, answers=Preflight, body=bodies.WayToAsk, serves=(preflight.choose_way,),
    ),
    Endpoint(
        "POST", "/projects/{number}/push", SPEND, "push its results to the hub of data sets", results.start_push,
        answers=HubBegun, body=bodies.DataSetPush, serves=(results.ask_for_push,),
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
        serves=(drafts.clone_project, drafts.offer_clone),
    ),
    Endpoint(
        "POST",
        "/projects/{number}/invitation",
        DRAFT,
        "a link that invites people to it",
        audience.show_invitation,
        answers=InviteLink,
    ),
    Endpoint(
        "DELETE", "/projects/{number}/invitation", DRAFT, "end that link", audience.end_invitation, answers=InviteEnded,
    ),
    Endpoint(
        "GET", "/projects/{number}/raise", READ, "what some raises of the pay would cost", pay_raises.offer_raise,
        answers=RaiseOffer,
    ),
    Endpoint("POST", "/projects/{number}/hold", DRAFT, "pause it", hold_project, answers=ProjectProgress),
    Endpoint(
        "POST", "/projects/{number}/resume", DRAFT, "let it go on", resume_project, answers=ProjectProgress,
        serves=(lifecycle.set_pause, lifecycle.toggle_pause, launches.resume_project),
    ),
    Endpoint(
        "POST", "/projects/{number}/raise", SPEND, "raise the pay; of a draft, set it", raise_pay,
        answers=PayRaised | Preflight, body=bodies.Raise, serves=(pay_raises.raise_pay, pay_raises.raise_to),
    ),
    Endpoint(
        "POST", "/projects/{number}/stop", SPEND, "end it; what is not needed comes back", stop_project,
        answers=ProjectStopped, stays=True, serves=(lifecycle.stop_project, stops.ask_to_stop),
    ),
)  # fmt: skip
TABLES = with_tag(
    "tables",
    _table(TASKS, "one row a task, as it was sent", answer_messages.read_own_task_text),
    _table(SUBMISSIONS, "one row an answer", results.order_submissions),
    _table(
        RESULTS, "one row a task: its consensus, and how sure it is", results.order_results, results.order_file,
    ),
    _file(FIGURES, "figures", "application/json", "all figures of its results as JSON, as papers report them"),
    _file(DATASHEET, "datasheet", "application/pdf", "one page for those who use the results, as PDF"),
    _file(HUB, "dataset", "application/zip", "a data set as the hub has them, as ZIP"),
    Endpoint(
        "GET", "/submissions/{submission}/file", READ, "the photo or voice message that was sent as an answer",
        task_table.get_answer_medium, way=AnswerWay.MEDIUM, stays=True, serves=(results.show_answers,),
    ),
)  # fmt: skip
REVIEW = with_tag(
    "review",
    Endpoint(
        "GET", "/projects/{number}/review", READ, "answers that wait for your decision", review.list_waiting_answers,
        answers=programs.WaitingAnswers, query=PageQuery, stays=True, writes=True,
        serves=(review.show_next_answer, review.show_answer_again),
    ),
    Endpoint(
        "POST", "/submissions/{submission}/accept", SPEND, "pay an answer now", review.accept_answer,
        answers=programs.Accepted, stays=True, serves=(review.accept_and_show_next,),
    ),
    Endpoint(
        "POST", "/projects/{number}/review/accept", SPEND, "accept all answers that wait, up to one",
        accept_remaining, answers=RestAccepted, body=bodies.LastRead, stays=True,
        serves=(review.accept_remaining,),
    ),
    Endpoint(
        "POST", "/submissions/{submission}/reject", SPEND, "reject an answer by a line of the instructions",
        review.reject_answer, answers=RejectionMade, body=bodies.Rejection,
        serves=(review.ask_for_line, review.ask_for_reason),
    ),
    Endpoint(
        "POST", "/submissions/{submission}/redo", SPEND, "ask its worker for it once more, paid again",
        corrections.request_redo, answers=RedoSent, body=bodies.Redo, serves=(corrections.ask_redo_reason,),
    ),
)  # fmt: skip
GOLD = with_tag(
    "gold",
    Endpoint(
        "POST", "/projects/{number}/gold", DRAFT, "make a task a check question", gold.make_by_name,
        answers=programs.GoldMade, body=bodies.Gold,
        serves=(gold.begin_gold, gold.answer_with_press, gold.finish_answer, gold.decide_suggestion),
    ),
    Endpoint(
        "GET", "/projects/{number}/gold/suggested", READ, "tasks that could be check questions: all answer them alike",
        gold.list_suggested, answers=programs.SuggestedGold, query=PageQuery, serves=(gold.suggest_gold,),
    ),
    Endpoint(
        "POST", "/projects/{number}/gold/refused", DRAFT, "suggest a task no longer as a check question",
        gold.refuse_suggested, answers=programs.SuggestionRefused, body=bodies.TaskChoice,
    ),
    Endpoint(
        "GET", "/projects/{number}/gold/contested", READ, "check questions that workers contest",
        gold.list_contested, answers=programs.Contested, query=PageQuery,
    ),
    Endpoint(
        "POST", "/gold/contested/{challenge}", DRAFT, "decide whether a known answer stands", decide_gold,
        answers=GoldDecided, body=bodies.Decision, serves=(gold_challenges.decide_challenge,),
    ),
)  # fmt: skip
QUESTIONS = with_tag(
    "questions",
    Endpoint(
        "GET", "/projects/{number}/questions", READ, "questions that wait for you, and the newest answers",
        questions.list_questions, answers=programs.Questions, query=PageQuery,
        serves=(questions.show_faq, questions.show_next_question),
    ),
    Endpoint(
        "POST", "/questions/{number}/answer", DRAFT, "answer a worker's question", answer_question,
        answers=AnswerPublished, body=bodies.AnswerText,
        serves=(questions.ask_for_answer, questions.choose_standing, questions.answer_by_entry),
    ),
    Endpoint(
        "POST", "/questions/{number}/report", DRAFT, "report a question as abuse: an admin decides", report_question,
        answers=QuestionReported, serves=(questions.report_question,),
    ),
)  # fmt: skip
EXTENSIONS = tuple(endpoint for part in load_parts("api") for endpoint in part.ENDPOINTS)
ENDPOINTS = (*PROJECTS, *TABLES, *REVIEW, *GOLD, *QUESTIONS, *account_table.ENDPOINTS, *EXTENSIONS)
