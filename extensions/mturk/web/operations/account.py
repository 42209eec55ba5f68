"""Operations on the account."""

from domain.people.accounts import Scope
from extensions.mturk.domain.hits import format_amount
from extensions.mturk.services import assignments
from extensions.mturk.services.assignments import Balance
from extensions.mturk.web.operation import Operation, Writer, Written


def _write_balance(writer: Writer, balance: Balance) -> Written:
    return {"AvailableBalance": format_amount(balance.available), "OnHoldBalance": format_amount(balance.on_hold)}


ACCOUNT = (Operation("GetAccountBalance", Scope.READ, assignments.get_balance, _write_balance, reads=True, stays=True),)
