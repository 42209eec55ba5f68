"""Projects and their files."""

from handlers.payloads.projects import (
    AddTasks,
    AskToStop,
    CancelDraft,
    ChooseColumn,
    ChooseKind,
    DeleteDraft,
    DescribeProject,
    GetFile,
    GetResults,
    GetSubmissions,
    GoOn,
    Launch,
    ListProjects,
    OfferRaise,
    Preview,
    RaisePay,
    RaiseTo,
    ShowAnswers,
    ShowProject,
    StartProject,
    StopHere,
    StopProject,
    TakeFile,
)
from handlers.routing import EVERYBODY, REQUESTER, WORKER, Route
from jobs.uploads import intake
from services.fairness.oversight import overview
from services.projects import launches, pay_raises, preflight, progress, project_wizard, results, stopping
from services.work import leaving

ROUTES = (
    Route(StartProject, REQUESTER, project_wizard.begin, command="newproject", means="start a project"),
    Route(DescribeProject, REQUESTER, project_wizard.describe, command="newproject"),
    Route(ChooseKind, REQUESTER, project_wizard.choose_kind),
    Route(ChooseColumn, REQUESTER, project_wizard.choose_column, job=intake.take),
    Route(TakeFile, REQUESTER, project_wizard.waiting_file, job=intake.take),
    Route(
        CancelDraft,
        EVERYBODY,
        project_wizard.cancel,
        command="cancel",
        means="drop the form that is being filled in",
    ),
    Route(ListProjects, REQUESTER, progress.projects_of, command="projects", means="your projects", stays=True),
    Route(ShowProject, REQUESTER, overview.project, command="project", usage="N", means="progress, live", stays=True),
    Route(
        Preview,
        REQUESTER,
        preflight.preview,
        command="preview",
        usage="N",
        means="what it costs and what workers will see",
    ),
    Route(Launch, REQUESTER, launches.launch, command="launch", usage="N", means="set the budget aside and start"),
    Route(GoOn, REQUESTER, launches.go_on),
    Route(
        OfferRaise, REQUESTER, pay_raises.offer, command="raise", usage="N", means="raise the pay of a running project"
    ),
    Route(RaiseTo, REQUESTER, pay_raises.raise_to, command="raise", usage="N AMOUNT"),
    Route(RaisePay, REQUESTER, pay_raises.raise_pay),
    Route(AddTasks, REQUESTER, project_wizard.ask_for_file, command="add", usage="N", means="more tasks for a project"),
    Route(
        GetResults,
        REQUESTER,
        results.results,
        command="results",
        usage="N [format]",
        means="one row per task",
        stays=True,
    ),
    Route(
        GetSubmissions,
        REQUESTER,
        results.submissions,
        command="submissions",
        usage="N [format]",
        means="one row per answer",
        stays=True,
    ),
    Route(GetFile, REQUESTER, results.order, stays=True),
    Route(ShowAnswers, REQUESTER, results.show, stays=True),
    Route(
        StopHere,
        EVERYBODY,
        leaving.stop_here,
        command="stop",
        means="stop; a task in hand goes to somebody else",
        listed=WORKER,
    ),
    Route(
        AskToStop,
        REQUESTER,
        overview.ask_to_stop,
        command="stop",
        usage="N",
        means="end it; what is not needed comes back to you",
        stays=True,
    ),
    Route(StopProject, REQUESTER, stopping.stop, stays=True),
    Route(DeleteDraft, REQUESTER, stopping.delete, stays=True),
)
