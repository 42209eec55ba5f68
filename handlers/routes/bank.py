"""The bank's statements and lines, and the operator's own money."""

from handlers.payloads.bank import (
    BookStatement,
    Charge,
    Draw,
    ExplainBankLine,
    ListBankLines,
    ShowBankLine,
    TurnStatement,
)
from handlers.routing import ADMIN, Route
from services.money.bank import lines, operator_money, statements

ROUTES = (
    Route(BookStatement, ADMIN, statements.book),
    Route(TurnStatement, ADMIN, statements.turn),
    Route(
        ListBankLines,
        ADMIN,
        lines.listed,
        command="bank",
        usage="[LINE]",
        means="lines of the bank that nobody has explained yet",
    ),
    Route(ShowBankLine, ADMIN, lines.show, command="bank"),
    Route(ExplainBankLine, ADMIN, lines.explain, command="bank"),
    Route(
        Charge,
        ADMIN,
        operator_money.charge,
        command="charge",
        usage="AMOUNT reason",
        means="record what the bank charged, out of the fees",
    ),
    Route(
        Draw,
        ADMIN,
        operator_money.draw,
        command="draw",
        usage="AMOUNT reason",
        means="record fees that you took out of the bank",
    ),
)
