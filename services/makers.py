"""Every file that is made when it is sent, by the name its screen orders it under."""

from collections.abc import Mapping

from services import bankfiles, book, exports, statements
from services.exports import Maker

MAKERS: Mapping[str, Maker] = {**exports.MAKERS, **bankfiles.MAKERS, **book.MAKERS, **statements.MAKERS}
