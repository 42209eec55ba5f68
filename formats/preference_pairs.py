"""Writers of preference pairs in the layouts of Hugging Face's TRL: a line of JSON for each pair, of results.

`dpo` is TRL's standard preference type with an explicit prompt (`prompt`, `chosen`, `rejected`), `dpo chat` the
same as conversations, for models with a chat template; `reward` its conversational type with an implicit prompt
(`chosen` and `rejected` are lists of messages), which every version of RewardTrainer takes, with `margin` if
workers said by how much. `task`, `confidence` and, of a form, `question` stand behind them. Ties and tasks without
a consensus are left out; a ranking has a line for each two of its items."""

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
    _write_lines(file, columns, rows, answer_type, _to_explicit_pair)


def write_dpo_chat(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    _write_lines(file, columns, rows, answer_type, _to_explicit_conversation)


def write_reward(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    _write_lines(file, columns, rows, answer_type, _to_implicit_conversation)


def _to_explicit_pair(prompt: str, chosen: str, rejected: str, margin: float | None) -> Line:
    return {**({"prompt": prompt} if prompt else {}), "chosen": chosen, "rejected": rejected}


def _to_explicit_conversation(prompt: str, chosen: str, rejected: str, margin: float | None) -> Line:
    """Return the pair as conversations; without a prompt its type is an implicit one."""
    prompt_messages = {"prompt": [{"role": "user", "content": prompt}]} if prompt else {}
    answers = {"chosen": chosen, "rejected": rejected}
    return {**prompt_messages, **{name: [{"role": "assistant", "content": text}] for name, text in answers.items()}}


def _to_implicit_conversation(prompt: str, chosen: str, rejected: str, margin: float | None) -> Line:
    prompt_messages = [{"role": "user", "content": prompt}] if prompt else []
    answers = {"chosen": chosen, "rejected": rejected}
    line: Line = {name: [*prompt_messages, {"role": "assistant", "content": text}] for name, text in answers.items()}
    return line if margin is None else {**line, "margin": round(margin, 4)}


def _write_lines(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType, to_line: Any
) -> None:
    """Write a line for each pair of each row, in the layout that `to_line` makes. Raise TypeError if nothing was
    compared."""
    if not isinstance(answer_type, PairsType):
        raise TypeError("only of things that are compared")
    positions = _question_positions(columns, answer_type)
    for row in rows:
        for line in _iter_lines(row, positions, answer_type, to_line):
            file.write(orjson.dumps(line) + b"\n")


def _question_positions(columns: Sequence[str], pairs: PairsType) -> list[tuple[int, int]]:
    """Return the positions of each question's consensus and confidence."""
    position_by_name = {name: position for position, name in enumerate(columns)}
    ends = [f":{name}" if name else "" for name, _, _ in pairs.questions]
    return [(position_by_name[f"consensus{end}"], position_by_name[f"confidence{end}"]) for end in ends]


def _iter_lines(
    row: Sequence[Value], positions: list[tuple[int, int]], pairs: PairsType, to_line: Any
) -> Iterator[Line]:
    prompt = "\n\n".join(str(row[position] or "") for position in pairs.prompt)
    for (name, kind, options), (position, confidence_position) in zip(pairs.questions, positions, strict=True):
        answer = str(row[position] or "")
        for better, worse, margin in kind_of(kind).list_preferences(answer, options) if answer else ():
            texts = (str(row[pairs.sides[side]] or "") for side in (better, worse))
            details = {
                "task": str(row[0]),
                "confidence": row[confidence_position],
                **({"question": name} if name else {}),
            }
            yield {**to_line(prompt, *texts, margin), **details}
