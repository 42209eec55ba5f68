"""Operations on the account."""

from domain.mturk.money import written
from domain.people.api_keys import Scope
from services.mturk import account
from services.mturk.account import Balance
from web.mturk.operation import Operation, Writer, Written


def _balance(writer: Writer, found: Balance) -> Written:
    return {"AvailableBalance": written(found.free), "OnHoldBalance": written(found.held)}


ACCOUNT = (Operation("GetAccountBalance", Scope.READ, account.balance, _balance, reads=True, stays=True),)
