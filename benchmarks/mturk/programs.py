"""Public programs for Mechanical Turk, unmodified, from a HIT to its approval, with a person in a real browser.

`--psiturk PATH` is the executable of an installed psiTurk 3 (in an environment of its own), `--toolkit PATH` a checkout
of Microsoft's P.808 toolkit with `--python PATH`, an interpreter that has its requirements, and `--libraries PATH`, a
folder of npm packages (jquery and bootstrap, which its pages load from other servers). What is not given is left out.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.databases import fresh
from benchmarks.mturk.people import Lab, Person, say_what_came
from extensions.mturk.formats import pages
from extensions.mturk.services import qualification_types
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.extensions.mturk.web.test_pages import Here, opened_house
from tests.extensions.mturk.web.turk import present
from tests.house import REQUESTER

HOUSE, LAB = "https://house.example", "https://lab.example"
SETTINGS = {
    "title": "A short experiment",
    "description": "Name the colours of words.",
    "keywords": "psychology",
    "us_only": "false",
    "ad_url_domain": "lab.example",
}


async def main_async(asked: argparse.Namespace) -> int:
    programs: list[tuple[str, Callable[[Here, Path], Awaitable[list[str]]]]] = []
    if asked.psiturk:
        programs.append(("psiTurk", lambda here, place: run_psiturk(here, place, Path(asked.psiturk))))
    else:
        print("psiTurk: not tried. Name its executable: --psiturk PATH")
    if asked.toolkit and asked.python and asked.libraries:
        programs.append(("P.808", lambda here, place: run_toolkit(here, place, asked)))
    else:
        print("P.808: not tried. Name the checkout, an interpreter and npm packages: --toolkit, --python, --libraries")
    failed = 0
    for name, run in programs:
        async with a_house() as here:
            with tempfile.TemporaryDirectory() as place:
                try:
                    steps = await run(here, Path(place))
                except (AssertionError, TimeoutError) as error:
                    steps, failed = [f"FAILED: {error}"], failed + 1
        print(f"{name}\n" + "\n".join(f"  {step}" for step in steps))
    return 1 if failed else 0


@asynccontextmanager
async def a_house() -> AsyncIterator[Here]:
    with fresh("sqlite") as made:
        database = Database(made.url)
        async with opened_house(database, HOUSE) as here:
            yield here
        await database.close()


async def command(here: Here, place: Path, *words: str, through: bool = True) -> str:
    """Run a program, by `pouce mturk --` where it asks Mechanical Turk; return what it says."""
    pair = here.turk.pair
    environment = {
        "PATH": f"{Path(words[0]).parent}:/usr/bin:/bin",
        "HOME": str(place),
        "PYTHONPATH": "" if not through else str(Path(__file__).parents[1]),
        "AWS_ACCESS_KEY_ID": pair.access_id,
        "AWS_SECRET_ACCESS_KEY": pair.secret,
        "AWS_ENDPOINT_URL_MTURK": f"http://127.0.0.1:{here.turk.port}",
    }
    before = (sys.executable, "-m", "bot", "mturk", "--", "env", "-u", "PYTHONPATH") if through else ()
    with tempfile.TemporaryFile() as output:  # a server that the program leaves behind keeps a pipe open
        program = await asyncio.create_subprocess_exec(
            *before, *words, cwd=place, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output
        )
        await asyncio.wait_for(program.wait(), 120)
        output.seek(0)
        said = output.read().decode(errors="replace")
    assert program.returncode == 0, said[-2_000:]
    return said


async def assignments(here: Here) -> list[Any]:
    """Of all HITs, as the requester's own programs read them."""
    hits = (await here.turk.ask("list_hits"))["HITs"]
    found = [await here.turk.ask("list_assignments_for_hit", HITId=hit["HITId"]) for hit in hits]
    return [assignment for page in found for assignment in page["Assignments"]]


async def run_psiturk(here: Here, place: Path, psiturk: Path) -> list[str]:
    """Its example project: an advertisement, consent, a Stroop test, questions, and the form of the last page."""
    await command(here, place, str(psiturk.with_name("psiturk-setup-example")), through=False)
    project = place / "psiturk-example"
    config = project / "config.txt"
    text = config.read_text()
    for name, value in SETTINGS.items():
        text, times = re.subn(rf"(?m)^;?\s*{name}\s*=.*$", f"{name} = {value}", text, count=1)
        assert times, name
    config.write_text(text)
    await command(here, project, str(psiturk), "-e", "server on", through=False)
    try:
        said = await command(here, project, str(psiturk), "-e", "hit create 1 1.00 1")
        steps = ["its example project is served", say_what_came(said, "HITid:")]
        async with Person(here, Lab(HOUSE, {LAB.removeprefix("https://"): "http://127.0.0.1:22362"})) as person:
            await person.take()
            steps += await person.take_part_in_experiment()
        (given,) = await assignments(here)
        steps.append(f"the assignment is {given['AssignmentStatus']}, its answer {given['Answer'][-40:]}")
        said = await command(here, project, str(psiturk), "-e", "worker approve --all")
        (given,) = await assignments(here)
        assert given["AssignmentStatus"] == "Approved", said
        return [*steps, "worker approve --all: Approved"]
    finally:
        await command(here, project, str(psiturk), "-e", "server off", through=False)


async def run_toolkit(here: Here, place: Path, asked: argparse.Namespace) -> list[str]:
    """Its example of an ACR test: a layout brought from Amazon, two HITs of it for one worker, and their approval."""
    source, inputs = Path(asked.toolkit) / "src", Path(asked.toolkit) / "src" / "test_inputs"
    settings = (source / "configurations" / "master.cfg").read_text().replace('"', "")  # it refuses its own quotes
    (place / "master.cfg").write_text(settings)
    clips = [(f"--{name}", str(inputs / f"{name.replace('clips', 'rating_clips') if name == 'clips' else name}.csv"))
             for name in ("clips", "training_clips", "gold_clips", "trapping_clips")]  # fmt: skip
    words = [word for pair in clips for word in pair]
    script = (asked.python, str(source / "master_script.py"))
    await command(here, place, *script, "--project", "demo", "--method", "acr", "--cfg", "master.cfg", *words,
                  through=False)  # fmt: skip
    layout = await bring_layout(here, place, (place / "demo" / "demo_acr.html").read_text())
    steps = [f"its layout of {(place / 'demo' / 'demo_acr.html').stat().st_size:,} bytes is brought"]
    utilities = (asked.python, str(source / "mturk_utils.py"), "--cfg", "mturk.cfg")
    await write_settings(here, place, source, layout)
    await command(here, place, *utilities, "--create_hit", "create_hit.cfg", "--create_hit_input", "batch.csv")
    async with Person(here, Lab(HOUSE, {}, files_of(Path(asked.libraries)))) as person:
        for _ in range(2):
            await person.take()
            steps.append(await person.rate_clips())
    given = await assignments(here)
    (place / "approve.csv").write_text("assignmentId\n" + "\n".join(each["AssignmentId"] for each in given))
    await command(here, place, *utilities, "--approve", "approve.csv")
    states = {each["AssignmentStatus"] for each in await assignments(here)}
    assert states == {"Approved"}, states
    return [*steps, "mturk_utils --approve: both are Approved"]


async def bring_layout(here: Here, place: Path, html: str) -> str:
    """What `pouce mturk import` does; return the layout's id."""
    (place / "saved" / "layouts").mkdir(parents=True)
    (place / "saved" / "layouts" / "acr.html").write_text(html)

    def bring(unit: UnitOfWork) -> str:
        requester = unit.people.find_by_telegram_id(REQUESTER)
        assert requester is not None
        return qualification_types.import_saved(act_of(unit, requester.id), pages.read_saved(place / "saved")).layouts[
            "acr"
        ]

    return await here.database.transact(bring, present())


async def write_settings(here: Here, place: Path, source: Path, layout: str) -> None:
    """Its configuration, with the key and the layout of this house; two HITs of the example's one row."""
    configurations = source / "configurations"
    hit = (configurations / "create_hit.cfg").read_text().replace("YOUR_PROJECT_LAYOUT_ID", layout)
    (place / "create_hit.cfg").write_text(hit.replace("number_of_respondents= 10", "number_of_respondents= 1"))
    access = (configurations / "mturk.cfg").read_text().replace("YOUR_AWS_ACCESS_KEY_ID", here.turk.pair.access_id)
    (place / "mturk.cfg").write_text(access.replace("YOUR_AWS_SECRET_ACCESS_KEY", here.turk.pair.secret))
    head, row, *_ = (place / "demo" / "demo_publish_batch.csv").read_text().splitlines()
    (place / "batch.csv").write_text(f"{head}\n{row}\n{row}\n")


def files_of(libraries: Path) -> dict[str, tuple[str, bytes]]:
    """What its pages load from other servers: two libraries, and clips, all of them a tenth of a second of silence."""
    clip = BytesIO()
    with wave.open(clip, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(bytes(1_600))
    packages = libraries / "node_modules"
    script, style = "text/javascript", "text/css"
    return {
        "jquery.min.js": (script, (packages / "jquery/dist/jquery.min.js").read_bytes()),
        "bootstrap.min.js": (script, (packages / "bootstrap/dist/js/bootstrap.min.js").read_bytes()),
        "bootstrap.min.css": (style, (packages / "bootstrap/dist/css/bootstrap.min.css").read_bytes()),
        ".wav": ("audio/wav", clip.getvalue()),
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks turk_programs", description=__doc__)
    for name in ("psiturk", "toolkit", "python", "libraries"):
        parser.add_argument(f"--{name}", default="")
    return asyncio.run(main_async(parser.parse_args(arguments)))
