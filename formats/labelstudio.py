"""Label Studio's JSON tasks out, importable as a file.

Results become `predictions` (the consensus, its confidence as `score`); submissions become `annotations`, one task
for each run of rows with the same task: order them by task. The labelling set-up that reads them names its control
`answer` and its object after the first of text, image, audio among the columns, or else the first column; what is drawn
or marked comes as regions of the picture, the text or the sound that was shown:

    <View><Text name="text" value="$text"/><Choices name="answer" toName="text">…</Choices></View>
"""

from __future__ import annotations

from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, BinaryIO

import orjson

from domain.handing_in import (
    AnswerType,
    ExportType,
    FormType,
    PairsType,
    ShapesType,
)
from domain.shapes.kind import SIZE, SURE
from formats import drawings
from formats.drawings import column_of, size_of
from formats.result_columns import (
    TableShape,
    Value,
    as_text,
    content_in,
    of_questions,
    shape_of,
)
from formats.tables.columns import USUAL

CONTROL = "answer"
NUMERIC = {AnswerType.NUMBER: "number", AnswerType.STEP: "rating"}  # Label Studio's own controls
Json = dict[str, Any]
Control = tuple[str, int, AnswerType | ShapesType]  # its name, the place of its answer in a row, the type of that
Regions = Callable[[Sequence[Value]], list[Json]]


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    shape = shape_of(columns)
    regions: Regions = partial(_regions, shape, _controls(columns, shape, answer_type))
    if isinstance(answer_type, ShapesType):
        ours = {name: at for at, name in enumerate(columns) if at not in content_in(columns)}
        regions = partial(_drawn, ours, shape, answer_type)
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
    if isinstance(answer_type, PairsType):
        raise TypeError("an answer, not what is preferred to what")
    return [(CONTROL, _place(shape), answer_type)]


def _place(shape: TableShape) -> int:
    """Of the answer in a row."""
    return len(shape.content) + (1 if shape.of_results else 2)


def _drawn(ours: Mapping[str, int], shape: TableShape, drawn: ShapesType, row: Sequence[Value]) -> list[Json]:
    """A region for each shape, with its confidence and the picture's size where a row of results has them; `ours` are
    the places of the columns that no requester named."""
    answer = row[_place(shape)]
    if not isinstance(answer, str) or not answer:
        return []
    content = {name: str(cell or "") for name, cell in zip(shape.content, row[1:], strict=False)}
    shown = column_of(drawn, content) or "task"
    size, sure = (str(row[ours[name]] or "") if name in ours else "" for name in (SIZE, SURE))
    told = orjson.loads(sure) if sure else ()
    names = (CONTROL, shown)
    return drawings.regions(answer, drawn, names, content.get(shown, ""), size_of(size, content), told)


def _regions(shape: TableShape, controls: Sequence[Control], row: Sequence[Value]) -> list[Json]:
    return [region for name, at, answer_type in controls for region in _result(shape, name, row[at], answer_type)]


def _result(shape: TableShape, name: str, answer: Value, answer_type: AnswerType | ShapesType) -> list[Json]:
    if answer is None or answer == "":
        return []
    shown = next((name for name in USUAL if name in shape.content), (*shape.content, "task")[0])
    control, value = _value(answer, answer_type)
    return [{"from_name": name, "to_name": shown, "type": control, "value": value}]


def _value(answer: Value, answer_type: AnswerType | ShapesType) -> tuple[str, Json]:
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
