"""The table of file makers, by the name in a screen's FileOrder, with those of extensions."""

from collections.abc import Mapping
from itertools import chain

from domain.extensions import load_parts
from jobs import bank_files, data_sheets, exports, figures, hub, personal_data, records, statements
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
    **dict(chain(*(part.MAKERS.items() for part in load_parts("files")))),
}
