"""Estimated effort of a task, in seconds: reading its content, pressing, typing or speaking; and tasks it cannot
estimate.

Words are read at a speed of their own, and so are characters of scripts that put no blank between words. What stands
behind a link, and what is done away from the screen, nobody can estimate: the requester says how long that takes.
"""

import re
from collections.abc import Sequence

from domain.answers import kind_of

PRESS = 1.1  # seconds to point at something and press it: Card, Moran and Newell 1980, keystroke-level model
DECIDING = 2.5  # seconds to make up one's mind (1.35, the same model) and press
TYPED = 60 / 36.2  # seconds a word on a phone: Palin et al. 2019, 37,000 people typing
SPOKEN = 60 / 153  # seconds a word said to a phone: Ruan et al. 2016
WORDS_A_SECOND = 4.0  # 240 words a minute: Brysbaert 2019, silent reading
IDEOGRAPHS_A_SECOND = 255 / 60  # 255 characters a minute, Chinese: Trauzettel-Klosinski and Dietz 2012
LONGEST_WORD, LETTERS = 20, 6  # a longer word counts as several words of so many letters
LOOK = 2.0  # seconds for a picture: the first second says what it shows (Fei-Fei et al. 2007), and a second look
FEW_LINKS = 0.1  # of the tasks may name an address in passing

# What Telegram shows as a link: with any scheme, or as a host's name with a path, or with an ending that is common.
_LINK = re.compile(
    r"(?<![a-z0-9-])(?<![a-z0-9-]\.)(?:(?:[a-z][a-z0-9+.-]{1,15}://|www\.)\S+"
    r"|(?:[a-z0-9-]{1,63}\.)++(?:[a-z]{2,24}(?::\d+)?[/?#]\S+"
    r"|(?:com|org|net|info|io|me|be|tv|fm|ly|gl|app|eu|fr|de|uk|ru)\b))",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"^[^?#]*\.(?:png|jpe?g|gif|webp|bmp)(?:[?#]\S*)?[)\]>.,;]*$", re.IGNORECASE)
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_JOINT = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u2800\u3164_|/\\·]+")


def reading_seconds(text: str) -> float:
    """Of words, of characters that are words, and of pictures by their address."""
    pictures = sum(1 for link in _LINK.findall(text) if _PICTURE.search(link))
    plain = _JOINT.sub(" ", _LINK.sub(" ", text))
    ideographs = len(_IDEOGRAPH.findall(plain))
    words = sum(map(_words, _IDEOGRAPH.sub(" ", plain).split()))
    return words / WORDS_A_SECOND + ideographs / IDEOGRAPHS_A_SECOND + pictures * LOOK


def cannot_be_told(texts: Sequence[str], kind: str, heard: bool = False) -> str:
    """The reason why the time cannot be estimated: `errand`, `sound`, `link`; empty where it can."""
    if kind_of(kind).is_errand:
        return "errand"
    if heard:
        return "sound"
    leads_away = sum(any(not _PICTURE.search(link) for link in _LINK.findall(text)) for text in texts)
    return "link" if leads_away > FEW_LINKS * len(texts) else ""


def _words(token: str) -> int:
    return 1 if len(token) <= LONGEST_WORD else -(-len(token) // LETTERS)
