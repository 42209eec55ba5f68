"""Pictures answered by a real crowd: each of the people repeats what one worker of the set `bird` said of a photo. The
photos are not in the set: numbered plates stand in for them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from PIL import Image, ImageDraw

from benchmarks.shows.sets import Act, Opened, Shown, Task, captioned
from benchmarks.shows.texts import share

KINDS = ("bunting", "grosbeak")  # the set says 0 and 1, and that these are the two birds
SIDE = 256


def birds(data: Path | None, rows: int) -> Iterator[Shown]:
    """Nothing where the set is not there."""
    folder = data / "crowd" / "bird" if data else None
    if folder is None or not folder.exists():
        return
    truth = {task: KINDS[int(label)] for task, label in _read(folder / "truth.csv")}
    tasks = sorted(truth)[:: len(truth) // rows][:rows]
    crowd = Crowd(folder, tasks)

    def file(ids: Sequence[str]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            lines = [{"id": f"b{n}", "text": f"№ {n}", "image": f"bird-{n}.png"} for n in range(rows)]
            archive.writestr("birds.jsonl", "\n".join(map(json.dumps, lines)))
            for number in range(rows):
                archive.writestr(f"bird-{number}.png", _plate(number))
        return out.getvalue()

    def check(content: bytes, name: str) -> Opened:
        pandas = import_module("pandas")
        table = pandas.read_parquet(io.BytesIO(content))
        said = zip(table["task"], table["consensus"], strict=True)
        found = [(str(answer), truth[tasks[int(str(task)[1:])]]) for task, answer in said]
        tool = f"pandas {pandas.__version__}"
        return Opened(tool, len(table), len(table) == rows, share(found), "the bird of the set's truth")

    caption = captioned(title="Which bird is it?", instructions=["Look at the photo."], kind="choice",
                        options=", ".join(KINDS), template="{image} {text}", pay="0.04", overlap="3")  # fmt: skip
    yield Shown("birds", "pictures", "a real crowd (Bluebird); plates stand in for its photos", "birds.zip", caption,
                rows, file, crowd.think, "parquet", check)  # fmt: skip


class Crowd:
    """Each person is one worker of the set, who answered all of it."""

    def __init__(self, folder: Path, tasks: Sequence[str]) -> None:
        self.tasks, self.who = tasks, dict[int, str]()
        self.said = {(task, worker): KINDS[int(label)] for task, worker, label in _read(folder / "answers.csv")}
        self.workers = sorted({worker for _, worker in self.said})

    def think(self, task: Task) -> Act | None:
        if task.row is None or task.content is None:
            return None
        worker = self.who.setdefault(task.person, self.workers[len(self.who)])
        return Act(press=self.said[self.tasks[task.row], worker])


def _read(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]


def _plate(number: int) -> bytes:
    picture = Image.new("RGB", (SIDE, SIDE), "#336699")
    ImageDraw.Draw(picture).text((SIDE // 3, SIDE // 3), str(number), fill="white", font_size=SIDE // 3)
    out = io.BytesIO()
    picture.save(out, "png")
    return out.getvalue()
