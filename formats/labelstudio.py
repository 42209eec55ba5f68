"""Writer of Label Studio's JSON tasks, importable as a file.

Results become `predictions` (the consensus, its confidence as `score`); submissions become `annotations`, one task
for each run of rows with the same task: order them by task. The labelling set-up that reads them names its control
`answer` and its object after the first of text, image, audio among the columns, or else the first column; drawings
and marks become regions of the picture, text or sound that workers saw:

<View><Text name="text" value="$text"/><Choices name="answer" toName="text">…</Choices></View>"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, BinaryIO

import orjson

from domain.handing_in import AnswerType, ExportType, FormType, PairsType, ShapesType
from domain.shapes.kind import SIZE, SURE
from formats import drawings
from formats.drawings import column_of, size_of
from formats.result_columns import TableShape, Value, as_text, content_positions, question_positions, shape_of
from formats.tables.columns import USUAL_NAMES

ANSWER_CONTROL = "answer"
NUMERIC_CONTROLS = {AnswerType.NUMBER: "number", AnswerType.STEP: "rating"}  # Label Studio's own controls
Json = dict[str, Any]
Control = tuple[str, int, AnswerType | ShapesType]  # its name, the place of its answer in a row, the type of that
Regions = Callable[[Sequence[Value]], list[Json]]


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Write a task with predictions for each row of results, or with annotations for each run of submissions of one
    task."""
    shape = shape_of(columns)
    regions: Regions = partial(_answer_regions, shape, _controls(columns, shape, answer_type))
    if isinstance(answer_type, ShapesType):
        position_by_name = {
            name: position for position, name in enumerate(columns) if position not in content_positions(columns)
        }
        regions = partial(_drawing_regions, position_by_name, shape, answer_type)
    tasks = (_iter_result_tasks if shape.of_results else _iter_submission_tasks)(shape, rows, regions)
    file.write(b"[")
    for number, task in enumerate(tasks):
        file.write((b",\n" if number else b"\n") + orjson.dumps(task))
    file.write(b"\n]\n")


def _iter_result_tasks(shape: TableShape, rows: Iterable[Sequence[Value]], regions: Regions) -> Iterator[Json]:
    for row in rows:
        _, confidence, submissions, state = row[len(shape.content) + 1 :][:4]
        data = _task_data(shape, row) | {"submissions": submissions, "task_state": state}
        prediction = {
            "model_version": "consensus",
            "score": confidence,
            "result": regions(row),
        }
        yield {"data": data, "predictions": [prediction] if prediction["result"] else []}


def _iter_submission_tasks(shape: TableShape, rows: Iterable[Sequence[Value]], regions: Regions) -> Iterator[Json]:
    for _, group in groupby(rows, key=itemgetter(0)):
        submissions = list(group)
        yield {
            "data": _task_data(shape, submissions[0]),
            "annotations": [_annotation(shape, s, regions) for s in submissions],
        }


def _annotation(shape: TableShape, row: Sequence[Value], regions: Regions) -> Json:
    """Return a submission's annotation. The worker's pseudonym is in the regions' meta text, since it is no account
    of Label Studio."""
    worker, _, _, seconds, state, submitted_at = row[len(shape.content) + 1 :][:6]
    result = regions(row)
    for region in result:
        region["meta"] = {"text": [f"worker {worker}", f"state {state}"]}
    moment = {"created_at": submitted_at} if submitted_at else {}
    return {"result": result, "lead_time": seconds, "was_cancelled": not result, **moment}


def _task_data(shape: TableShape, row: Sequence[Value]) -> Json:
    return {"task": row[0], **dict(zip(shape.content, row[1:], strict=False))}


def _controls(columns: Sequence[str], shape: TableShape, answer_type: ExportType) -> list[Control]:
    """Return the control of the answer, or those of a form's questions. Raise TypeError for comparisons, which have
    other formats."""
    column = "consensus" if shape.of_results else "answer"
    if isinstance(answer_type, FormType):
        return [
            (name, position, answer_type.types[name])
            for name, position in question_positions(columns, column, answer_type.types)
        ]
    if isinstance(answer_type, PairsType):
        raise TypeError("an answer, not what is preferred to what")
    return [(ANSWER_CONTROL, _answer_position(shape), answer_type)]


def _answer_position(shape: TableShape) -> int:
    """Return the answer's position in a row."""
    return len(shape.content) + (1 if shape.of_results else 2)


def _drawing_regions(
    position_by_name: Mapping[str, int], shape: TableShape, answer_type: ShapesType, row: Sequence[Value]
) -> list[Json]:
    """Return a region for each shape, with its confidence and the picture's size if the row of results has them;
    `position_by_name` holds the columns that are not the requester's. Return [] without an answer."""
    answer = row[_answer_position(shape)]
    if not isinstance(answer, str) or not answer:
        return []
    content = {name: str(cell or "") for name, cell in zip(shape.content, row[1:], strict=False)}
    column = column_of(answer_type, content) or "task"
    size, confidences_json = (
        str(row[position_by_name[name]] or "") if name in position_by_name else "" for name in (SIZE, SURE)
    )
    confidences = orjson.loads(confidences_json) if confidences_json else ()
    names = (ANSWER_CONTROL, column)
    return drawings.to_regions(
        answer,
        answer_type,
        names=names,
        text=content.get(column, ""),
        size=size_of(size, content),
        confidences=confidences,
    )


def _answer_regions(shape: TableShape, controls: Sequence[Control], row: Sequence[Value]) -> list[Json]:
    return [
        region
        for name, position, answer_type in controls
        for region in _regions_of_answer(shape, name, row[position], answer_type)
    ]


def _regions_of_answer(shape: TableShape, name: str, answer: Value, answer_type: AnswerType | ShapesType) -> list[Json]:
    """Return the region of an answer; [] if it is empty."""
    if answer is None or answer == "":
        return []
    object_name = next((name for name in USUAL_NAMES if name in shape.content), (*shape.content, "task")[0])
    control, value = _control_value(answer, answer_type)
    return [{"from_name": name, "to_name": object_name, "type": control, "value": value}]


def _control_value(answer: Value, answer_type: AnswerType | ShapesType) -> tuple[str, Json]:
    """Return the control's type and its value; a numeric answer that is no number ("can't tell") becomes a text
    area."""
    text = str(as_text(answer))
    if answer_type in NUMERIC_CONTROLS:
        try:
            number = float(text)
        except ValueError:
            return "textarea", {"text": [text]}
        return NUMERIC_CONTROLS[answer_type], {
            NUMERIC_CONTROLS[answer_type]: int(number) if number.is_integer() else number
        }
    if answer_type is AnswerType.OPTION:
        return "choices", {"choices": [text]}
    if answer_type is AnswerType.OPTIONS:
        return "choices", {"choices": text.split("|")}
    return "textarea", {"text": [text]}
