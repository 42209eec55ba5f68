"""The card of a data set on the Hugging Face hub: YAML that the hub reads, and the data sheet in Markdown."""

import json
import re
from collections.abc import Sequence

from reports.data_sheet import DataSheet

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
MARKS = re.compile(r"([\\`*_{}\[\]<>|#~])")


def dataset_card(of: DataSheet, languages: Sequence[str], rows: int, files: Sequence[tuple[str, str]]) -> str:
    """`files` are the names of the tables and their paths; the first one is what opens by itself. No licence: that is
    its owner's to say."""
    return "\n".join(["---", *_head(of, languages, rows, files), "---", "", *_body(of)]) + "\n"


def _head(of: DataSheet, languages: Sequence[str], rows: int, files: Sequence[tuple[str, str]]) -> list[str]:
    """JSON's texts are YAML's."""
    size = next((name for most, name in SIZES if rows < most), "1M<n<10M")
    told = [f"pretty_name: {json.dumps(of.project, ensure_ascii=False)}"]
    if languages:
        told += ["language:", *(f"- {json.dumps(each)}" for each in languages)]
    told += ["tags:", "- crowdsourcing", "- human-annotated", "size_categories:", f"- {size}", "configs:"]
    for at, (name, path) in enumerate(files):
        told += [f"- config_name: {name}", *(["  default: true"] if at == 0 else [])]
        told += ["  data_files:", "  - split: train", f"    path: {path}"]
    return told


def _body(of: DataSheet) -> list[str]:
    found = [f"# {_plain(of.project)}", ""]
    for part in of.parts:
        lines = [f"- **{_plain(what)}**: {_plain(value)}" for what, value in part.lines]
        found += [f"## {_plain(part.title)}", "", *lines, ""]
    notes = [f"- {_plain(each)}" for each in of.notes]
    return [*found, f"## {_plain(of.notes_title)}", "", *notes, "", _plain(of.footer)]


def _plain(text: str) -> str:
    """One line in which nothing is markup: titles and instructions are strangers' words."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))
