"""Operations on the account."""

from domain.people.accounts import Scope
from extensions.mturk.domain.hits import written
from extensions.mturk.services import assignments
from extensions.mturk.services.assignments import Balance
from extensions.mturk.web.operation import Operation, Writer, Written


def _balance(writer: Writer, found: Balance) -> Written:
    return {"AvailableBalance": written(found.free), "OnHoldBalance": written(found.held)}


ACCOUNT = (Operation("GetAccountBalance", Scope.READ, assignments.balance, _balance, reads=True, stays=True),)
