"""THE TABLE: a line for each thing people can do, by wing. Help and menus list commands in this order."""

from handlers.routes import fairness, money, people, projects, quality, work
from handlers.routes.unconverted import UNCONVERTED
from handlers.routing import RoutingTable

TABLE = RoutingTable((*work.ROUTES, *projects.ROUTES, *quality.ROUTES, *money.ROUTES, *fairness.ROUTES, *people.ROUTES))
_IN_TABLE = {(command.role, command.name) for command in TABLE.commands}
COMMANDS = (*TABLE.commands, *(each for each in UNCONVERTED if (each.role, each.name) not in _IN_TABLE))
