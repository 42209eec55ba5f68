"""Every file that is made when it is sent, by the name its screen orders it under."""

from collections.abc import Mapping

from jobs import bank_files, exports, journal, statements
from jobs.made_files import Maker

MAKERS: Mapping[str, Maker] = {**exports.MAKERS, **bank_files.MAKERS, **journal.MAKERS, **statements.MAKERS}
