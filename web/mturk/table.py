"""THE TABLE of the Mechanical Turk door, by name. Its lines stand in operations/."""

from web.mturk.operation import Operation
from web.mturk.operations.account import ACCOUNT
from web.mturk.operations.assignments import ASSIGNMENTS
from web.mturk.operations.hits import HITS
from web.mturk.operations.notifications import NOTIFICATIONS
from web.mturk.operations.qualifications import QUALIFICATIONS
from web.mturk.operations.review_policies import REVIEW_POLICIES
from web.mturk.operations.workers import WORKERS

_OF_HITS = (*ACCOUNT, *HITS, *ASSIGNMENTS, *NOTIFICATIONS, *REVIEW_POLICIES)
OPERATIONS: dict[str, Operation] = {each.name: each for each in (*_OF_HITS, *QUALIFICATIONS, *WORKERS)}
