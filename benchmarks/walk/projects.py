"""Files of tasks with captions of every kind, and with small faults."""

import csv
import io
import json
from collections.abc import Callable
from random import Random

from benchmarks.walk.words import HTML, ODD, SCRIPTS, sentence, word

Made = tuple[bytes, str, str]  # content, name, caption
Table = tuple[list[str], list[list[str]], dict[str, str]]  # names, rows, keys of the caption
Maker = Callable[[Random], Table]
OPTIONS = ("zor", "bli", "kam", "tuv rek", "plo & <mip>")


def project(dice: Random) -> Made:
    """A file as it should be, as a rule."""
    kind = dice.choice((*("choice",) * 5, *KINDS))
    head, rows, lines = KINDS[kind](dice)
    if dice.random() < 0.3:
        lines |= _more(dice)
    if dice.random() < 0.12:
        _spoil(dice, head, rows, lines)
    told = {"title": f"{sentence(dice, 2, 4)}", "instructions": _instructions(dice), **lines}
    caption = "\n".join(["/newproject", *(f"{key.rstrip('+')}: {value}" for key, value in told.items() if value)])
    content, name = _file(dice, head, rows)
    return content, name, caption[:1024]


def tasks(dice: Random) -> tuple[bytes, str]:
    """More of them, for /add."""
    head, rows, _ = KINDS["choice"](dice)
    return _file(dice, head, rows)


def bonuses(dice: Random, workers: list[str]) -> bytes:
    rows = [
        f"{dice.choice(workers or ['W'])},{dice.choice(('0.10', '1', 'x', '0', '1000000'))},{sentence(dice)}"
        for _ in range(3)
    ]
    return "\n".join(["worker,amount,reason", *rows]).encode()


def _instructions(dice: Random) -> str:
    return "\n".join(sentence(dice, 2, 8) for _ in range(dice.choice((1, 2, 3, 5))))


def _text(dice: Random) -> str:
    chance = dice.random()
    if chance < 0.85:
        return f"{sentence(dice)} {dice.randint(0, 10**9)}"
    return dice.choice((*SCRIPTS, *HTML, sentence(dice, 100, 300))) + str(dice.randint(0, 10**6))


def _size(dice: Random) -> int:
    return dice.choice((1, 2, 3, 5, 8, 15, 30))


def _base(dice: Random, pay: tuple[str, ...] = ("0.05", "0.10", "0.30", "0.10", "0.021231")) -> dict[str, str]:
    lines = {"pay": dice.choice(pay), "overlap": dice.choice(("1", "1", "2", "3"))}
    if dice.random() < 0.35:
        lines["accept"] = "review"
    if dice.random() < 0.2:
        lines |= {"confidence": dice.choice(("0.7", "0.9", "0.99")), "max_overlap": "5"}
    return lines


def _choice(dice: Random) -> Table:
    gold = dice.random() < 0.5
    options = dice.sample(OPTIONS, dice.choice((2, 3)))
    rows = [
        [_text(dice), dice.choice(options) if gold and n % 4 == 0 else "", sentence(dice, 2, 6)]
        for n in range(_size(dice))
    ]
    lines = {"kind": "choice", "options": " | ".join(options), **_base(dice)}
    if dice.random() < 0.2:
        return (
            ["text", "gold", "reason", "ai", "ai_confidence"],
            [[*row, dice.choice(options), "0.8"] for row in rows],
            lines,
        )
    return ["text", "gold", "reason"], rows, lines


def _simple(kind: str, **more: str) -> Maker:
    def made(dice: Random) -> Table:
        rows = [[_text(dice)] for _ in range(_size(dice))]
        return ["text"], rows, {"kind": kind, **more, **_base(dice, ("0.30", "1"))}

    return made


def _compared(kind: str, count: int) -> Maker:
    def made(dice: Random) -> Table:
        head = ["prompt", *(f"answer_{letter}" for letter in "abcd"[:count])]
        rows = [[_text(dice) for _ in head] for _ in range(_size(dice))]
        lines = {"kind": kind, **_base(dice, ("0.30", "1"))}
        if kind == "preference" and dice.random() < 0.5:
            del lines["kind"]
            lines |= {"compare": "ties, margins", "criteria": "Zor? | Bli?", "reason": "Kam? | optional"}
        return head, rows, lines

    return made


def _form(dice: Random) -> Table:
    asked = [
        "choice | Zor? | bli, kam | name=zor",
        "number | Tuv? | if zor = bli",
        "text | Plo? | optional",
        "rating | Mip?",
    ]
    asked += ["choices | Rek? | dun, vex, holk | optional", "location | Gra? | optional"]
    chosen = asked[: dice.randint(1, len(asked))]
    rows = [[_text(dice), "bli" if n % 3 == 0 else ""] for n in range(_size(dice))]
    lines = {"question": "\nquestion: ".join(chosen), **_base(dice, ("0.60", "1")), "template": "{text}"}
    return ["text", "gold:zor"], rows, lines


def _spans(dice: Random) -> Table:
    return ["text"], [[sentence(dice)] for _ in range(3)], {"kind": "spans", "options": "PER, LOC", "pay": "1"}


KINDS = {
    "choice": _choice,
    "choices": _simple("choices", options="zor, bli, kam, none"),
    "rating": _simple("rating"),
    "number": _simple("number"),
    "text": _simple("text"),
    "compare": _compared("compare", 2),
    "preference": _compared("preference", 2),
    "rank": _compared("rank", 3),
    "best_worst": _compared("best_worst", 4),
    "photo": _simple("photo", seconds="20"),
    "voice": _simple("voice", seconds="20"),
    "location": _simple("location", seconds="20"),
    "form": _form,
    "spans": _spans,
}


def _more(dice: Random) -> dict[str, str]:
    return dict(
        dice.sample(
            [
                ("languages", dice.choice(("en", "fr", "en, fr"))),
                ("minutes", dice.choice(("1", "2", "30"))),
                ("purpose", sentence(dice)),
                ("content", dice.choice(("violence", "medical, hate"))),
                ("who", dice.choice(("country=FR", "at most=2", "good in=1", "not in=1", "invited", "qualified=zor"))),
                ("example", f"{word(dice)} | zor | {sentence(dice)}"),
                ("seconds", dice.choice(("1", "20", "2 min"))),
                ("shuffled", "no"),
            ],
            dice.randint(1, 3),
        )
    )


def _spoil(dice: Random, head: list[str], rows: list[list[str]], lines: dict[str, str]) -> None:
    """A small fault or two."""
    for _ in range(dice.randint(1, 2)):
        chance = dice.randrange(7)
        if chance == 0:
            lines[dice.choice(list(lines))] = dice.choice((*ODD, *HTML))
        elif chance == 1:
            dice.choice(rows)[0] = ""
        elif chance == 2:
            dice.choice(rows).append("zor")
        elif chance == 3:
            head[dice.randrange(len(head))] = dice.choice(("", "gold", "id", "text", "ai", "{x}", "overlap"))
        elif chance == 4:
            lines[word(dice)] = word(dice)
        elif chance == 5:
            rows.append(list(rows[0]))
        else:
            lines.pop(dice.choice(list(lines)))


def _file(dice: Random, head: list[str], rows: list[list[str]]) -> tuple[bytes, str]:
    chance = dice.random()
    if chance < 0.15:
        made = [dict(zip(head, row, strict=False)) for row in rows]
        return "\n".join(json.dumps(each, ensure_ascii=False) for each in made).encode(), "zor.jsonl"
    if chance < 0.2:
        return b"\x00\x01zor", dice.choice(("zor.xlsx", "zor.bin", "zor.csv"))
    out = io.StringIO()
    csv.writer(out, delimiter=dice.choice(",,,;\t")).writerows([head, *rows])
    encoding = dice.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16"))
    return out.getvalue().encode(encoding), dice.choice(
        ("zor.csv", "zor.csv", "zor.tsv", "评论.csv", "a" * 80 + ".csv")
    )
