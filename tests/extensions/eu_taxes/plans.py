"""Statements that may read more than an index finds, each with its reason."""

ASIDE = "read on a connection of its own, beside the writer"
LEAVES = "once, when somebody leaves for good"
ADMIN = "an admin asks, now and then"
MAY = {
    "tax_returns.*": ASIDE,
    "tax_forms.COUNT_FORMS": ADMIN,
    "contributions.SELECT_DUE_CONTRIBUTIONS": ADMIN,
    "contributions.SELECT_DECLARED_LINES": ADMIN,
    "contributions.SUM_UNPAID_DECLARATIONS": ADMIN,
    "contributions.SUM_SHARES": ADMIN,
    "contributions.SUM_UNSETTLED_SHARES": ADMIN,
    "invoices.SELECT_BILLINGS": ASIDE,
    "invoices.SUM_FEES": ASIDE,
    "invoices.SELECT_UNASKED": ASIDE,
    "invoices.SUM_RETURNED_FEES": ASIDE,
    "invoices.SELECT_ISSUED": ASIDE,
    "invoices.ERASE_BUYERS": LEAVES,
}
