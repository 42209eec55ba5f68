"""THE TABLE of the Mechanical Turk door, by name. Its lines stand in operations/."""

from web.mturk.operation import Operation
from web.mturk.operations.account import ACCOUNT

OPERATIONS: dict[str, Operation] = {each.name: each for each in (*ACCOUNT,)}
