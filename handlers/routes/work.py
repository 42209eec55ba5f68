"""Tasks and answers."""

from handlers.payloads.people import Pause
from handlers.payloads.work import (
    AcceptAgain,
    AskForWork,
    CantTell,
    ChangeAnswer,
    Choose,
    ChooseContent,
    CorrectAnswer,
    CorrectCantTell,
    CorrectChoose,
    CorrectDone,
    CorrectUndo,
    Decline,
    Done,
    KeepAnswer,
    LeaveWhich,
    ListTasks,
    SendAnswer,
    ShowInstructions,
    Skip,
    SubmitAnswer,
    TakeTask,
    TypeWords,
    Undo,
)
from handlers.routing import EVERYBODY, WORKER, Route
from services.work import corrections, inputs, leaving, offers, project_instructions, submit
from services.work.cards import content_choices

ROUTES = (
    Route(AskForWork, EVERYBODY, submit.ask, command="work", means="one task now", listed=WORKER),
    Route(ListTasks, WORKER, offers.show, command="tasks", means="the work there is, to choose from"),
    Route(TakeTask, WORKER, offers.take),
    Route(SubmitAnswer, WORKER, submit.press),
    Route(CantTell, WORKER, submit.cant_tell),
    Route(Choose, WORKER, inputs.choose),
    Route(Undo, WORKER, inputs.undo),
    Route(Done, WORKER, inputs.done),
    Route(Skip, WORKER, submit.skip),
    Route(LeaveWhich, WORKER, leaving.known_projects, command="leave"),
    Route(ChooseContent, WORKER, content_choices.choose),
    Route(Decline, WORKER, leaving.decline, command="leave", usage="N", means="no more tasks of one project"),
    Route(AcceptAgain, WORKER, leaving.accept_again),
    Route(
        ShowInstructions,
        WORKER,
        project_instructions.show,
        command="instructions",
        means="all that your task's project asks for",
    ),
    Route(ChangeAnswer, WORKER, corrections.reopen),
    Route(CorrectAnswer, WORKER, corrections.press),
    Route(CorrectCantTell, WORKER, corrections.cant_tell),
    Route(CorrectChoose, WORKER, corrections.choose),
    Route(CorrectUndo, WORKER, corrections.undo),
    Route(CorrectDone, WORKER, corrections.done),
    Route(KeepAnswer, WORKER, corrections.keep),
    Route(Pause, EVERYBODY, submit.pause, command="pause", means="no messages until /work", listed=WORKER),
    Route(TypeWords, EVERYBODY, inputs.typed),
    Route(SendAnswer, EVERYBODY, inputs.sent),
)
