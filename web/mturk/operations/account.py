"""Operations on the account."""

from domain.mturk.hits import written
from domain.people.accounts import Scope
from services.mturk import assignments
from services.mturk.assignments import Balance
from web.mturk.operation import Operation, Writer, Written


def _balance(writer: Writer, found: Balance) -> Written:
    return {"AvailableBalance": written(found.free), "OnHoldBalance": written(found.held)}


ACCOUNT = (Operation("GetAccountBalance", Scope.READ, assignments.balance, _balance, reads=True, stays=True),)
