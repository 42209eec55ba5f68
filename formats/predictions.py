"""Label Studio's predictions in: of each model (`model_version`) its answer and its score, as the columns `ai:NAME` and
`ai_confidence:NAME`; `ai` where a model has no name. Of several by one model the first counts."""

from __future__ import annotations

import json
from typing import Any

from domain.shapes.foreign import LABELS

ANSWERS = ("choices", "rating", "number", "text")  # the controls whose value is an answer of ours
SEVERAL = "|"
LONGEST = 60  # characters of a model's name


def cells(predictions: Any) -> dict[str, Any]:
    """The cells they stand for; nothing where they hold no answer."""
    found: dict[str, Any] = {}
    for each in predictions if isinstance(predictions, list) else ():
        answer = _answer(each.get("result")) if isinstance(each, dict) else None
        name = _column(each) if answer is not None else ""
        if answer is None or f"ai{name}" in found:
            continue
        found[f"ai{name}"] = answer
        if _is_share(each.get("score")):
            found[f"ai_confidence{name}"] = each["score"]
    return found


def _column(prediction: dict[str, Any]) -> str:
    name = " ".join(str(prediction.get("model_version") or "").split())[:LONGEST].strip()
    return f":{name}" if name else ""


def _answer(result: Any) -> str | None:
    """Of the first region that holds one; else all regions that are drawn."""
    for region in result if isinstance(result, list) else ():
        value = region.get("value") if isinstance(region, dict) else None
        if not isinstance(value, dict) or _is_drawn(region):
            continue
        for key in ANSWERS:
            if (written := _written(key, value.get(key))) is not None:
                return written
    drawn = [each for each in result if _is_drawn(each)] if isinstance(result, list) else []
    return json.dumps(drawn, ensure_ascii=False) if drawn else None


def _is_drawn(region: Any) -> bool:
    """Whether it is a shape with a label: `rectanglelabels`, or the `labels` of a text or a sound."""
    value = region.get("value") if isinstance(region, dict) else None
    return isinstance(value, dict) and any(name.endswith(LABELS) for name in value)


def _written(key: str, value: Any) -> str | None:
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return (SEVERAL if key == "choices" else " ").join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value)


def _is_share(score: Any) -> bool:
    """Label Studio takes any number, and its SDK writes 0 where the model gave none."""
    return isinstance(score, int | float) and not isinstance(score, bool) and 0 < score <= 1
