"""The table of file makers, by the name in a screen's FileOrder."""

from collections.abc import Mapping

from jobs import data_sheets, exports, figures, journal, personal_data, records
from jobs.hub import folder
from jobs.made_files import Maker
from jobs.money import bank_files, invoices, statements

MAKERS: Mapping[str, Maker] = {
    **exports.MAKERS,
    **personal_data.MAKERS,
    **figures.MAKERS,
    **data_sheets.MAKERS,
    **folder.MAKERS,
    **bank_files.MAKERS,
    **journal.MAKERS,
    **records.MAKERS,
    **statements.MAKERS,
    **invoices.MAKERS,
}
