"""Label Studio's JSON tasks out, importable as a file.

Results become `predictions` (the consensus, its confidence as `score`); submissions become `annotations`, one task
for each run of rows with the same task: order them by task. The labelling set-up that reads them names its control
`answer` and its object after the first of text, image, audio among the columns, or else the first column:

    <View><Text name="text" value="$text"/><Choices name="answer" toName="text">…</Choices></View>
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, BinaryIO

import orjson

from domain.answers import AnswerType, ExportType
from domain.handing_in import FormType
from formats.shapes import TableShape, of_questions, shape_of
from formats.tables.template import USUAL
from formats.values import Value, as_text

CONTROL = "answer"
NUMERIC = {AnswerType.NUMBER: "number", AnswerType.STEP: "rating"}  # Label Studio's own controls
Json = dict[str, Any]
Control = tuple[str, int, AnswerType]  # its name, the place of its answer in a row, the type of that
Regions = Callable[[Sequence[Value]], list[Json]]


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    shape = shape_of(columns)
    regions = partial(_regions, shape, _controls(columns, shape, answer_type))
    tasks = (_results if shape.of_results else _submissions)(shape, rows, regions)
    file.write(b"[")
    for number, task in enumerate(tasks):
        file.write((b",\n" if number else b"\n") + orjson.dumps(task))
    file.write(b"\n]\n")


def _results(shape: TableShape, rows: Iterable[Sequence[Value]], regions: Regions) -> Iterator[Json]:
    for row in rows:
        _, confidence, submissions, state = row[len(shape.content) + 1 :][:4]
        data = _data(shape, row) | {"submissions": submissions, "task_state": state}
        prediction = {
            "model_version": "consensus",
            "score": confidence,
            "result": regions(row),
        }
        yield {"data": data, "predictions": [prediction] if prediction["result"] else []}


def _submissions(shape: TableShape, rows: Iterable[Sequence[Value]], regions: Regions) -> Iterator[Json]:
    for _, group in groupby(rows, key=itemgetter(0)):
        submissions = list(group)
        yield {
            "data": _data(shape, submissions[0]),
            "annotations": [_annotation(shape, s, regions) for s in submissions],
        }


def _annotation(shape: TableShape, row: Sequence[Value], regions: Regions) -> Json:
    """The pseudonym is in the region's meta text: it is no account in Label Studio."""
    worker, _, _, seconds, state, submitted_at = row[len(shape.content) + 1 :][:6]
    result = regions(row)
    for region in result:
        region["meta"] = {"text": [f"worker {worker}", f"state {state}"]}
    moment = {"created_at": submitted_at} if submitted_at else {}
    return {"result": result, "lead_time": seconds, "was_cancelled": not result, **moment}


def _data(shape: TableShape, row: Sequence[Value]) -> Json:
    return {"task": row[0], **dict(zip(shape.content, row[1:], strict=False))}


def _controls(columns: Sequence[str], shape: TableShape, answer_type: ExportType) -> list[Control]:
    """The one of an answer, or those of a form's questions."""
    what = "consensus" if shape.of_results else "answer"
    if isinstance(answer_type, FormType):
        return [(name, at, answer_type.of[name]) for name, at in of_questions(columns, what, answer_type.of)]
    place = len(shape.content) + (1 if shape.of_results else 2)
    return [(CONTROL, place, answer_type)]


def _regions(shape: TableShape, controls: Sequence[Control], row: Sequence[Value]) -> list[Json]:
    return [region for name, at, answer_type in controls for region in _result(shape, name, row[at], answer_type)]


def _result(shape: TableShape, name: str, answer: Value, answer_type: AnswerType) -> list[Json]:
    if answer is None or answer == "":
        return []
    shown = next((name for name in USUAL if name in shape.content), (*shape.content, "task")[0])
    control, value = _value(answer, answer_type)
    return [{"from_name": name, "to_name": shown, "type": control, "value": value}]


def _value(answer: Value, answer_type: AnswerType) -> tuple[str, Json]:
    text = str(as_text(answer))
    if answer_type in NUMERIC:
        try:
            number = float(text)
        except ValueError:
            return "textarea", {"text": [text]}
        return NUMERIC[answer_type], {NUMERIC[answer_type]: int(number) if number.is_integer() else number}
    if answer_type is AnswerType.OPTION:
        return "choices", {"choices": [text]}
    if answer_type is AnswerType.OPTIONS:
        return "choices", {"choices": text.split("|")}
    return "textarea", {"text": [text]}
