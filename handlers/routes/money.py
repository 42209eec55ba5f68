"""Pay, payouts and the books."""

from handlers.payloads.money import (
    AskForBonus,
    Deposit,
    GetStatement,
    GiveBonus,
    Refund,
    ShowBalance,
    ShowFunds,
    ShowPersonBalance,
)
from handlers.routing import ADMIN, EVERYBODY, REQUESTER, WORKER, Route
from jobs import statements
from services.money import bonus, deposits, funds, wallet

ROUTES = (
    Route(
        ShowBalance,
        EVERYBODY,
        wallet.balance,
        command="balance",
        means="what you earned, and what is pending",
        listed=WORKER,
    ),
    Route(
        GetStatement,
        WORKER,
        statements.order,
        command="statement",
        usage="[YYYY-MM]",
        means="a month as a document for your bank or an office",
    ),
    Route(
        GiveBonus,
        REQUESTER,
        bonus.give,
        command="bonus",
        usage="WORKER AMOUNT reason",
        means="thank somebody who worked for you",
    ),
    Route(AskForBonus, REQUESTER, bonus.ask),
    Route(
        ShowFunds,
        REQUESTER,
        funds.show,
        command="funds",
        means="your money: free, and held for projects",
        beside=funds.read,
    ),
    Route(
        ShowPersonBalance,
        ADMIN,
        wallet.balance_of_person,
        command="balance",
        usage="PERSON",
        means="somebody's balances",
    ),
    Route(
        Deposit,
        ADMIN,
        deposits.deposit,
        command="deposit",
        usage="PERSON AMOUNT [reference]",
        means="record money that reached the bank",
    ),
    Route(
        Refund,
        ADMIN,
        deposits.refund,
        command="refund",
        usage="PERSON AMOUNT [reference]",
        means="record unused money that was sent back",
    ),
)
