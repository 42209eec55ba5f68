"""Arabic, Hebrew and their kin for fpdf2, which draws signs from left to right, one by one: letters are put into the
order in which they stand, and Arabic ones into their joined forms."""

import unicodedata
from functools import cache

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

LAM, ALEFS, TATWEEL = "\u0644", "\u0622\u0623\u0625\u0627", "\u0640"
BLOCKS = (range(0xFB50, 0xFBB2), range(0xFE70, 0xFEFD))  # Arabic presentation forms
ISOLATED, FINAL, INITIAL, MEDIAL = "<isolated>", "<final>", "<initial>", "<medial>"


def is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)


def visual(text: str) -> str:
    """One line, in a paragraph that is written from left to right."""
    return BidiParagraph(_joined(text), TextDirection.LTR).get_reordered_string()


def _joined(text: str) -> str:
    """Each letter in the form that its neighbours ask for; marks above and below do not part them."""
    letters = _letters(text)
    places = [at for at, sign in enumerate(letters) if not unicodedata.combining(sign[0])]
    for place, at in enumerate(places):
        before = letters[places[place - 1]] if place else ""
        after = letters[places[place + 1]] if place + 1 < len(places) else ""
        joins = (_leads(before) and _follows(letters[at]), _leads(letters[at]) and _follows(after))
        wanted = {(True, True): MEDIAL, (True, False): FINAL, (False, True): INITIAL}.get(joins, ISOLATED)
        letters[at] = _Form(letters[at], _forms().get((letters[at], wanted), letters[at]))
    return "".join(sign.drawn if isinstance(sign, _Form) else sign for sign in letters)


class _Form(str):
    """A letter that still knows itself, and the form it is drawn in."""

    drawn: str

    def __new__(cls, letter: str, drawn: str) -> "_Form":
        made = super().__new__(cls, letter)
        made.drawn = drawn
        return made


def _letters(text: str) -> list[str]:
    """Sign by sign; lam and alef are one."""
    found: list[str] = []
    for sign in text:
        if found and found[-1] == LAM and sign in ALEFS:
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _leads(letter: str) -> bool:
    """Whether it joins the letter after it."""
    return letter == TATWEEL or (letter, INITIAL) in _forms()


def _follows(letter: str) -> bool:
    return letter == TATWEEL or (letter, FINAL) in _forms()


@cache
def _forms() -> dict[tuple[str, str], str]:
    found = {}
    for sign in (chr(code) for block in BLOCKS for code in block):
        kind, *letters = unicodedata.decomposition(sign).split() or [""]
        base = "".join(chr(int(letter, 16)) for letter in letters)
        if kind in (ISOLATED, FINAL, INITIAL, MEDIAL) and (len(base) == 1 or base in {LAM + alef for alef in ALEFS}):
            found[base, kind] = sign
    return found
