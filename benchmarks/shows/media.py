"""The sets of pictures and of sounds: handwritten digits that workers read, words that workers hear."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from PIL import Image

from benchmarks.shows.people import transcribed
from benchmarks.shows.sets import Act, Opened, Sent, Shown, Task, captioned
from benchmarks.shows.texts import share

READ = "made-up people who read real digits (UCI) in the pictures that come"
SIDE, LEARNT = 256, 150  # pixels of a picture; digits from which each worker has learnt to read
SPOKEN = Path("/usr/share/sounds/alsa")  # Debian's alsa-utils: the names of loudspeakers, spoken by people
TIMES = 3  # each recording is asked about, at other loudnesses


def pictures(rows: int) -> Shown:
    """Handwritten digits of the UCI set; each worker reads the picture that came, by those it has learnt from."""
    digits = import_module("sklearn.datasets").load_digits()
    images, truth = digits.images[:rows], [str(each) for each in digits.target[:rows]]

    def file(ids: Sequence[str]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            table = [f"d{number},№ {number},digit-{number}.png" for number in range(rows)]
            archive.writestr("digits.csv", "\n".join(["id,text,image", *table]))
            for number, pixels in enumerate(images):
                archive.writestr(f"pictures/digit-{number}.png", png(pixels))
        return out.getvalue()

    def check(content: bytes, name: str) -> Opened:
        datasets = import_module("datasets")
        folder = Path(name).with_suffix("")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(folder)
        found = datasets.load_dataset(str(folder), split="train", cache_dir=str(folder.parent / "cache"))
        told = "the digit that was written"
        right = share([(str(row["consensus"]), truth[int(str(row["task"])[1:])]) for row in found])
        return Opened(f"datasets {datasets.__version__}", len(found), len(found) == rows, right, told)

    reader = Reader(digits.images[rows:], digits.target[rows:])
    caption = captioned(title="Which digit is it?", instructions=["Look at the picture."], kind="choice",
                        options=", ".join(map(str, range(10))), template="{image} {text}",
                        pay="0.04", overlap="3")  # fmt: skip
    return Shown("pictures", "pictures", READ, "digits.zip", caption, rows,
                 file, reader.think, "huggingface", check)  # fmt: skip


class Reader:
    """Reads the photo that a phone shows by its nearest neighbours among digits of each worker's own."""

    def __init__(self, images: Any, truth: Any) -> None:
        self.images, self.truth = images.reshape(len(images), -1), truth
        self.said: dict[tuple[int, int], str] = {}

    def think(self, task: Task) -> Act | None:
        if task.row is None or task.content is None:
            return None
        small = Image.open(io.BytesIO(task.content)).convert("L").resize((8, 8), Image.Resampling.BOX)
        pixels = (255 - np.asarray(small, float)).reshape(-1) / 255 * 16
        return Act(press=self._read(task.person, task.row, pixels))

    def _read(self, person: int, row: int, pixels: Any) -> str:
        if (person, row) not in self.said:
            mine = np.random.default_rng(person).choice(len(self.truth), LEARNT, replace=False)
            near = ((self.images[mine] - pixels) ** 2).sum(1).argmin()
            self.said[person, row] = str(self.truth[mine][near])
        return self.said[person, row]


def png(pixels: Any) -> bytes:
    out = io.BytesIO()
    small = Image.fromarray((255 - pixels / 16 * 255).astype("uint8"))
    small.resize((SIDE, SIDE), Image.Resampling.NEAREST).save(out, "png")
    return out.getvalue()


def sounds(folder: Path | None) -> Shown:
    """Spoken words, sent to the bot as voice messages first: the table has their ids."""
    words, clips, source = _recorded(folder or SPOKEN)

    def file(ids: Sequence[str]) -> bytes:
        rows = [{"id": f"s{n}", "text": f"№ {n}", "audio": each} for n, each in enumerate(ids)]
        return "\n".join(map(json.dumps, rows)).encode()

    def check(content: bytes, name: str) -> Opened:
        rows = [json.loads(line) for line in content.decode("utf-8").splitlines()]
        at = Path(name)
        at.write_bytes(clips[0].content)
        seconds = soundfile.info(str(at)).duration
        found = [(_plain(str(row["consensus"])), _plain(words[int(row["task"][1:])])) for row in rows]
        tool = f"json, soundfile {soundfile.__version__}"
        told = f"the words that were said (the first clip: {seconds:.1f} s)"
        return Opened(tool, len(rows), len(rows) == len(words), share(found), told)

    think = transcribed(words)
    caption = captioned(title="What is said?", instructions=["Listen.", "Type the words."], kind="text",
                        template="{audio} {text}", seconds="12", pay="0.08", overlap="3")  # fmt: skip
    return Shown("sounds", "sounds", source, "clips.jsonl", caption, len(words), file, think, "jsonl", check,
                 clips)  # fmt: skip


def _plain(words: str) -> str:
    return words.casefold().strip(" .")


def _recorded(folder: Path) -> tuple[dict[int, str], list[Sent], str]:
    """The words by number, and the clips as voice messages; tones where there is no recording."""
    found = sorted(path for path in folder.glob("*.wav") if "_" in path.stem)
    if not found:
        tones = dict(enumerate(["low tone", "high tone"] * 6))
        made = [_voice(_tone(220 if "low" in word else 1_760), 48_000, n) for n, word in tones.items()]
        return tones, made, "made-up people, made-up tones (no recordings found)"
    clips, words = [], {}
    for number, path in enumerate(found * TIMES):
        sound, rate = soundfile.read(str(path), always_2d=True)
        clips.append(_voice(sound.mean(1) * (1 - 0.2 * (number // len(found))), rate, number))
        words[number] = path.stem.replace("_", " ").lower()
    return words, clips, "made-up people who know what real recordings (alsa-utils) say"


def _tone(pitch: int) -> Any:
    """A second of it."""
    return 0.3 * np.sin(np.arange(48_000) * pitch * 2 * np.pi / 48_000)


def _voice(sound: Any, rate: int, number: int) -> Sent:
    out = io.BytesIO()
    soundfile.write(out, sound, rate, format="OGG", subtype="OPUS")
    return Sent(out.getvalue(), f"clip-{number}.ogg")
