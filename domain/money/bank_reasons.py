"""Why a bank, or Wise, did not pay: ISO 20022's external reason codes → the reasons that messages have words for."""

CODES = {
    "closed": ("AC04", "MD07"),
    "number": ("AC01", "AC03", "RC01", "RC04", "RC07", "RC08", "RC11"),
    "blocked": ("AC06", "AC14", "AG01"),
    "name": ("BE01", "BE04", "BE06"),
    "wise": ("CANCELLED", "REFUNDED"),  # of Wise, which has no codes of its own
    "other": ("MS03", "NARR", ""),
}
OF_PAYEE = ("closed", "number", "blocked", "name")
_KNOWN = {code: reason for reason, codes in CODES.items() for code in codes}


def reason_of(code: str, general: bool = False) -> str:
    """closed, number, blocked, name, refused, other or wise. `general`: why a whole file was refused, which says
    nothing of the account that one of its payments goes to."""
    found = _KNOWN.get(code, "refused")
    return "refused" if general and found in OF_PAYEE else found
