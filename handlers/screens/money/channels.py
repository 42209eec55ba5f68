"""A payout's place and reason of failure, in the words of its way: a bank, or Wise."""

from domain.money.messages.payouts import PayoutView
from handlers.screens.layout.fitting import clipped
from locales import Html, Translator

NAMED = 200  # characters of a typed text


def where(payout: PayoutView, t: Translator) -> Html:
    """Where a payout is, to its worker."""
    asked = t.date(payout.requested_at)
    decided = t.date(payout.decided_at) if payout.decided_at else ""
    return {
        "requested": t("asked for on {day}, goes to Wise next", day=asked)
        if payout.wise
        else t("asked for on {day}, goes to the bank next", day=asked),
        "sent": t("with Wise, asked for on {day}", day=asked)
        if payout.wise
        else t("with the bank, asked for on {day}", day=asked),
        "paid": t("paid on {day}", day=decided),
        "failed": t("called off on {day}", day=decided) if payout.called_off else t("came back on {day}", day=decided),
        "unknown": t("Wise is looking for it, asked for on {day}", day=asked)
        if payout.wise
        else t("the bank is looking for it, asked for on {day}", day=asked),
    }[payout.state]


def state(name: str, wise: bool, t: Translator) -> str:
    """To an admin."""
    return {
        "requested": t.plain("waiting"),
        "sent": t.plain("with Wise") if wise else t.plain("with the bank"),
        "paid": t.plain("paid"),
        "failed": t.plain("failed"),
        "unknown": t.plain("outcome unknown"),
    }[name]


def reason(code: str, wise: bool, t: Translator) -> str:
    """The reason of a failed payout: a usual one, or an admin's words."""
    return {
        "closed": t.plain("the account is closed"),
        "number": t.plain("no bank knows this account number"),
        "blocked": t.plain("the account is blocked"),
        "name": t.plain("the name and the IBAN do not belong together"),
        "refused": t.plain("Wise refused it") if wise else t.plain("the bank refused it"),
        "wise": t.plain("Wise sent it back: no account was given in time, or the bank there refused"),
        "asked": t.plain("at the worker’s own request"),
        "other": t.plain("Wise gave no reason") if wise else t.plain("the bank gave no reason"),
    }.get(code, clipped(code, NAMED))


def short_reasons(wise: bool, t: Translator) -> dict[str, str]:
    """What an admin can press, by the codes of `reason`."""
    if wise:
        return {
            "wise": t.plain("No account given in time"),
            "refused": t.plain("Refused by Wise"),
            "other": t.plain("No reason given"),
        }
    return {
        "closed": t.plain("Account closed"),
        "number": t.plain("No such account"),
        "blocked": t.plain("Account blocked"),
        "name": t.plain("Name and IBAN differ"),
        "refused": t.plain("Refused by the bank"),
        "other": t.plain("No reason given"),
    }
