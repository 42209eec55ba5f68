"""An amount typed after a command or into a question: read, or refused with how to write it."""

from domain.money.amounts import AmountFlaw, Millionths, read_amount
from domain.refusals import BadInput


def typed_amount(text: str, currency: str | None = None, said: str = "{}", usage: str = "") -> Millionths | None:
    """None for what is no amount at all; what may be a thousand or one is refused with both ways to write it, in the
    place of `{}` in what was said, and how it is used."""
    try:
        return read_amount(text, currency)
    except AmountFlaw as flaw:
        if flaw.why == "amount_unclear":
            both = [said.replace("{}", str(flaw.facts[name])) for name in ("thousands", "units")]
            raise BadInput(what="amount_unclear", value=text.strip(), expected=[*both, usage]) from None
        return None
