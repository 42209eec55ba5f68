"""Preference pairs in the layouts of Hugging Face's TRL: a line of JSON for each pair, of results.

`dpo` is TRL's standard preference type with an explicit prompt (`prompt`, `chosen`, `rejected`), `dpo chat` the same as
conversations, for models with a chat template; `reward` its
conversational one with an implicit prompt (`chosen` and `rejected` are lists of messages), which every version of
RewardTrainer takes, with `margin` where it was asked by how much. Behind them stand `task`, `confidence` and, of a
form, `question`. Ties and tasks without a consensus are left out; a ranking has a line for each two of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import orjson

from domain.answers import kind_of
from domain.handing_in import AnswerType, ExportType, PairsType
from formats.result_columns import Value

Line = dict[str, Any]


def write_dpo(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    _write(file, columns, rows, answer_type, _explicit)


def write_dpo_chat(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    _write(file, columns, rows, answer_type, _explicit_conversation)


def write_reward(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    _write(file, columns, rows, answer_type, _conversation)


def _explicit(prompt: str, chosen: str, rejected: str, margin: float | None) -> Line:
    return {**({"prompt": prompt} if prompt else {}), "chosen": chosen, "rejected": rejected}


def _explicit_conversation(prompt: str, chosen: str, rejected: str, margin: float | None) -> Line:
    """Without a prompt it is an implicit one."""
    asked = {"prompt": [{"role": "user", "content": prompt}]} if prompt else {}
    told = {"chosen": chosen, "rejected": rejected}
    return {**asked, **{name: [{"role": "assistant", "content": text}] for name, text in told.items()}}


def _conversation(prompt: str, chosen: str, rejected: str, margin: float | None) -> Line:
    asked = [{"role": "user", "content": prompt}] if prompt else []
    told = {"chosen": chosen, "rejected": rejected}
    line: Line = {name: [*asked, {"role": "assistant", "content": text}] for name, text in told.items()}
    return line if margin is None else {**line, "margin": round(margin, 4)}


def _write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType, laid: Any
) -> None:
    if not isinstance(answer_type, PairsType):
        raise TypeError("only of things that are compared")
    places = _places(columns, answer_type)
    for row in rows:
        for line in _lines(row, places, answer_type, laid):
            file.write(orjson.dumps(line) + b"\n")


def _places(columns: Sequence[str], pairs: PairsType) -> list[tuple[int, int]]:
    """Of each question, where its consensus and its confidence stand."""
    found = {name: at for at, name in enumerate(columns)}
    ends = [f":{name}" if name else "" for name, _, _ in pairs.asked]
    return [(found[f"consensus{end}"], found[f"confidence{end}"]) for end in ends]


def _lines(row: Sequence[Value], places: list[tuple[int, int]], pairs: PairsType, laid: Any) -> Iterator[Line]:
    prompt = "\n\n".join(str(row[at] or "") for at in pairs.prompt)
    for (name, kind, options), (at, sure) in zip(pairs.asked, places, strict=True):
        answer = str(row[at] or "")
        for better, worse, margin in kind_of(kind).preferred(answer, options) if answer else ():
            texts = (str(row[pairs.sides[each]] or "") for each in (better, worse))
            more = {"task": str(row[0]), "confidence": row[sure], **({"question": name} if name else {})}
            yield {**laid(prompt, *texts, margin), **more}
