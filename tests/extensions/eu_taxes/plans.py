"""Statements that may read more than an index finds, each with its reason."""

ASIDE = "read on a connection of its own, beside the writer"
LEAVES = "once, when somebody leaves for good"
MAY = {
    "invoices.SELECT_BILLINGS": ASIDE,
    "invoices.SUM_FEES": ASIDE,
    "invoices.SELECT_UNASKED": ASIDE,
    "invoices.SUM_RETURNED_FEES": ASIDE,
    "invoices.SELECT_ISSUED": ASIDE,
    "invoices.ERASE_BUYERS": LEAVES,
}
