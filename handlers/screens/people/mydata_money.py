"""The movements of money and the accounts of `/mydata`, in words."""

from locales import Translator


def movements(t: Translator) -> dict[str, str]:
    return {**_pay(t), **_funds(t), **_payouts(t)}


def _pay(t: Translator) -> dict[str, str]:
    return {
        "reward": t.plain("pay of an answer"),
        "release": t.plain("pending pay became yours"),
        "reject": t.plain("pay set aside: rejected"),
        "appeal": t.plain("paid after an appeal"),
        "forfeit": t.plain("back to the requester: the rejection stands"),
        "judge": t.plain("pay for judging an appeal"),
        "topup": t.plain("topped up to the minimum"),
        "bonus": t.plain("bonus"),
        "test": t.plain("pay for taking a test"),
        "redo": t.plain("pay of an answer given once more"),
        "extra": t.plain("held for an answer once more"),
        "unextra": t.plain("came back from a project"),
        "fee": t.plain("fee"),
        "feeback": t.plain("fee given back"),
    }


def _funds(t: Translator) -> dict[str, str]:
    return {
        "deposit": t.plain("money paid in"),
        "refund": t.plain("money sent back"),
        "launch": t.plain("held for a project"),
        "raise": t.plain("held for a higher pay"),
        "return": t.plain("came back from a project"),
        "reserve": t.plain("held for top-ups"),
        "unreserve": t.plain("what was held for top-ups came back"),
        "training": t.plain("held for a test"),
        "untraining": t.plain("was held for a test"),
        "stake": t.plain("held for judges"),
        "unstake": t.plain("was held for judges"),
        "costs": t.plain("judges’ pay given back"),
        "gather": t.plain("fees, between accounts"),
        "jury": t.plain("held for judges"),
        "unjury": t.plain("was held for judges"),
        "handed on": t.plain("handed on"),
        "handed back": t.plain("given back by the authority"),
        "unexplained": t.plain("moved at the bank, not explained yet"),
        "explained": t.plain("explained"),
        "charge": t.plain("the bank’s charge"),
        "charge back": t.plain("the bank’s charge, given back"),
        "drawn": t.plain("fees taken out"),
        "paid in": t.plain("paid in by whoever runs this bot"),
        "advance": t.plain("social contributions, advanced from the fees"),
        "advance back": t.plain("advanced social contributions, back to the fees"),
    }


def _payouts(t: Translator) -> dict[str, str]:
    return {
        "waived": t.plain("given up, back to who paid it"),
        "payout": t.plain("on its way to you"),
        "paid": t.plain("sent to your bank"),
        "unpaid": t.plain("came back: it was not sent"),
        "bounced": t.plain("came back from the bank"),
        "withhold": t.plain("kept for your contributions"),
        "unwithhold": t.plain("what was kept for contributions came back"),
    }


def accounts(t: Translator) -> dict[str, str]:
    return {
        "worker:available": t.plain("your pay, available"),
        "worker:pending": t.plain("your pay, pending"),
        "worker:payout": t.plain("your pay, on its way to the bank"),
        "requester:tests": t.plain("your money for tests"),
        "requester:available": t.plain("your money for projects"),
    }
