"""An amount typed after a command or into a question: read, or refused with how to write it."""

from domain.money.amounts import AmountFlaw, Millionths, read_amount
from domain.refusals import BadInput


def typed_amount(text: str, currency: str | None = None, said: str = "{}") -> Millionths | None:
    """The amount in millionths; None for words that are no amount. Raises BadInput for an amount that may mean a
    thousand or one, with both spellings in place of `{}` in the words."""
    try:
        return read_amount(text, currency)
    except AmountFlaw as flaw:
        if flaw.why == "amount_unclear":
            both = [said.replace("{}", str(flaw.facts[name])) for name in ("thousands", "units")]
            raise BadInput(what="amount_unclear", value=text.strip(), expected=both) from None
        return None
