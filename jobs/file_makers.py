"""The table of file makers, by the name in a screen's FileOrder."""

from collections.abc import Mapping

from jobs import (
    bank_files,
    data_sheets,
    exports,
    figures,
    hub,
    invoices,
    personal_data,
    records,
    statements,
)
from jobs.figures import Maker

MAKERS: Mapping[str, Maker] = {
    **exports.MAKERS,
    **personal_data.MAKERS,
    **figures.MAKERS,
    **data_sheets.MAKERS,
    **hub.MAKERS,
    **bank_files.MAKERS,
    **bank_files.JOURNAL_MAKERS,
    **records.MAKERS,
    **statements.MAKERS,
    **invoices.MAKERS,
}
