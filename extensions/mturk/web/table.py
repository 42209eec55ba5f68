"""Operations of the Mechanical Turk interface by name, from the modules of operations/."""

from extensions.mturk.web.operation import Operation
from extensions.mturk.web.operations.account import ACCOUNT
from extensions.mturk.web.operations.assignments import ASSIGNMENTS
from extensions.mturk.web.operations.hits import HITS
from extensions.mturk.web.operations.notifications import NOTIFICATIONS
from extensions.mturk.web.operations.qualifications import QUALIFICATIONS
from extensions.mturk.web.operations.review_policies import REVIEW_POLICIES
from extensions.mturk.web.operations.workers import WORKERS

_OF_HITS = (*ACCOUNT, *HITS, *ASSIGNMENTS, *NOTIFICATIONS, *REVIEW_POLICIES)
OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in (*_OF_HITS, *QUALIFICATIONS, *WORKERS)}
