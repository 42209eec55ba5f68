"""The board: reading, writing, moderation, petitions."""

from handlers.payloads.board import (
    AnswerPetition,
    AskForContact,
    GiveContact,
    ModeratePost,
    OpenBoard,
    OpenBoards,
    OpenLog,
    ReplyToPost,
    ReportPost,
    SendPost,
    ShowBoard,
    ShowBoards,
    ShowLog,
    ShowPost,
    SignPetition,
    TakePen,
    TakePostBack,
    WritePost,
)
from handlers.routing import ADMIN, EVERYBODY, WORKER, Route
from services.fairness import board, board_contacts, board_moderation, board_writing, petitions

ROUTES = (
    Route(OpenBoards, WORKER, board.boards, command="board", means="talk to other workers, without your name"),
    Route(OpenBoard, WORKER, board.open_, command="board", usage="N", means="the board of one project"),
    Route(
        OpenLog,
        WORKER,
        board.log,
        command="board",
        usage="log",
        means="what was hidden or taken back, and by which rule",
        word="log",
    ),
    Route(ShowBoards, WORKER, board.again),
    Route(ShowBoard, WORKER, board.show),
    Route(ShowPost, WORKER, board.show_post),
    Route(ShowLog, WORKER, board.show_log),
    Route(TakePen, WORKER, board.take_pen),
    Route(WritePost, WORKER, board_writing.write),
    Route(ReplyToPost, WORKER, board_writing.reply),
    Route(SendPost, WORKER, board_writing.send),
    Route(SignPetition, WORKER, board_writing.sign),
    Route(TakePostBack, WORKER, board_writing.take_back),
    Route(ReportPost, WORKER, board_moderation.report),
    Route(ModeratePost, ADMIN, board_moderation.decide),
    Route(AskForContact, WORKER, board_contacts.ask),
    Route(GiveContact, WORKER, board_contacts.accept),
    Route(AnswerPetition, EVERYBODY, petitions.ask),
)
