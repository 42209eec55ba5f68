"""THE TABLE: a line for each thing people can do, by wing. Help and menus list commands in this order."""

from handlers.routes import (
    authoring,
    automated,
    bank,
    board,
    fairness,
    money,
    oversight,
    people,
    projects,
    qualifications,
    quality,
    taxes,
    teams,
    work,
)
from handlers.routing import RoutingTable

TABLE = RoutingTable(
    (
        *work.ROUTES,
        *projects.ROUTES,
        *authoring.ROUTES,
        *quality.ROUTES,
        *money.ROUTES,
        *bank.ROUTES,
        *taxes.ROUTES,
        *fairness.ROUTES,
        *automated.ROUTES,
        *qualifications.ROUTES,
        *oversight.ROUTES,
        *board.ROUTES,
        *oversight.ROUTES,
        *teams.ROUTES,
        *people.ROUTES,
    )
)
COMMANDS = TABLE.commands
