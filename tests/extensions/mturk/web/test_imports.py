"""What was saved from Amazon: programs go on with the ids they have in their text, workers with the values they had."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.people.qualifications import QualificationOffered
from extensions.mturk.cli import programs
from extensions.mturk.formats import pages
from handlers.people.qualifications import AskQualification
from services.work import inputs
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.test_hits import TYPE, Town, house, town  # noqa: F401
from tests.extensions.mturk.web.test_qualifications import TEST, idle, pressed, required, told
from tests.extensions.mturk.web.turk import present

LAYOUT, OLD_TYPE = "3A7Y0R2P2ONTQTKJOAC1L0AKTRHXJ5", "3T2CHTRTGY6ONCSJLX6LAUGA2HPGGZ"


def directory(place: Path) -> Path:
    (place / "layouts").mkdir()
    (place / "layouts" / f"{LAYOUT}.xml").write_text(form("${animal_text}"))
    (place / "layouts" / "rating.html").write_text("<p>${text}</p>]]>")
    kept = {"QualificationTypeId": OLD_TYPE, "Name": "Good worker", "Description": "Did well.", "IsRequestable": True}
    (place / "qualification-types.json").write_text(json.dumps({"QualificationTypes": [kept]}))
    (place / "workers.csv").write_text("Worker ID,CURRENT-Good worker\nA1EXAMPLEWORKER,90\nA2EXAMPLEWORKER,\n")
    return place


@pytest.fixture
def imported(
    town: Town,  # noqa: F811
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> list[str]:
    """The lines that the command prints."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", town.turk.pair.access_id)
    for _ in range(2):
        capsys.readouterr()
        assert programs.run_import([str(directory(tmp_path) if not list(tmp_path.iterdir()) else tmp_path)]) == 0
    return capsys.readouterr().out.splitlines()


async def test_a_layout_of_128_kilobytes_is_brought(
    town: Town,  # noqa: F811
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    """Some templates of toolkits are longer than a Question of Amazon's API may be."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", town.turk.pair.access_id)
    (tmp_path / "layouts").mkdir()
    layout = "<p>${text}</p>".ljust(128 << 10, ".")
    (tmp_path / "layouts" / "long.html").write_text(layout)
    assert programs.run_import([str(tmp_path)]) == 0
    (tmp_path / "layouts" / "long.html").write_text(layout + ".")
    assert programs.run_import([str(tmp_path)]) == 1
    assert "at most 131072 bytes" in capsys.readouterr().err


async def test_a_program_goes_on_with_its_layouts_and_types(town: Town, imported: list[str]):  # noqa: F811
    assert imported[-1] == "2 layouts, 1 qualification type, 1 value of workers."
    ours = {name: number for number, _, name in (line.partition("  ") for line in imported[:-1])}
    about = {**TYPE, "LifetimeInSeconds": 3600, "HITLayoutParameters": [{"Name": "animal_text", "Value": "A & B"}]}
    for layout in (LAYOUT, ours[LAYOUT]):
        hit = (await town.turk.ask("create_hit", **about, HITLayoutId=layout))["HIT"]
        assert "Look at the sentence: A &amp; B" in hit["Question"]
    code, said = await town.refused("create_hit", **{**about, "HITLayoutParameters": []}, HITLayoutId=LAYOUT)
    assert (code, said) == ("InvalidParameterValue", "HITLayoutParameters needs animal_text.")
    assert (await town.refused("create_hit", **about, HITLayoutId="3NONE"))[0] == "HITLayoutDoesNotExist"
    score = {"QualificationTypeId": OLD_TYPE, "WorkerId": "A2"}
    assert (await town.refused("get_qualification_score", **score))[0] == "WorkerDoesNotExist"
    found = (await town.turk.ask("get_qualification_type", QualificationTypeId=OLD_TYPE))["QualificationType"]
    assert (found["Name"], found["QualificationTypeId"]) == ("Good worker", ours["Good worker"])


async def test_hits_are_listed_by_the_id_that_a_type_had_at_amazon(town: Town, imported: list[str]):  # noqa: F811
    about = {"QualificationTypeId": OLD_TYPE, "Comparator": "GreaterThan", "IntegerValues": [80]}
    hit = await town.hit(QualificationRequirements=[about])
    types = (await town.turk.ask("list_qualification_types", MustBeRequestable=False))["QualificationTypes"]
    (here,) = [each["QualificationTypeId"] for each in types]
    newer = await town.hit(QualificationRequirements=[{**about, "QualificationTypeId": here}], Title="Another")
    for named in (OLD_TYPE, here):
        listed = (await town.turk.ask("list_hits_for_qualification_type", QualificationTypeId=named))["HITs"]
        assert [each["HITId"] for each in listed] == [newer["HITId"], hit["HITId"]]


async def test_a_worker_of_amazons_claims_what_they_had_once(town: Town, imported: list[str]):  # noqa: F811
    await town.hit(QualificationRequirements=[required({"QualificationTypeId": OLD_TYPE})])

    async def claims(worker: int, said: str) -> Any:
        await idle(town, worker)
        (offered,) = await told(town, worker, QualificationOffered)
        await pressed(town, worker, AskQualification(request=offered["request"]))

        def type_(unit: UnitOfWork) -> Any:
            return inputs.take_words(act_of(unit, town.workers[worker]), said)

        return (await town.database.transact(type_, present())).message

    assert type(await claims(0, "A9EXAMPLEWORKER")).__name__ == "QualificationRefused"
    assert (await claims(1, " a1exampleworker")).value == 90
    assert type(await claims(2, "A1EXAMPLEWORKER")).__name__ == "QualificationRefused"
    assert await town.take(1) is not None
    assert await town.take(2) is None


@pytest.mark.parametrize("end", ["\u2028", "\u0085", "\x0c"])
def test_a_cell_may_hold_what_only_some_call_the_end_of_a_line(tmp_path: Path, end: str):
    (tmp_path / "workers.csv").write_text(f"WorkerId,Note,QualificationTypeId,IntegerValue\nA1,so{end}so,3X,7\n")
    assert pages.read_saved(tmp_path).values == (pages.Value("A1", "3X", 7),)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("workers.csv", "Name\nA1\n", "expected WorkerId,QualificationTypeId,IntegerValue"),
        ("workers.csv", "WorkerId,QualificationTypeId,IntegerValue\nA1,3X,many\n", "line 2: expected a whole number"),
        ("qualification-types.json", "[{}]", "aws mturk list-qualification-types"),
        ("qualification-types.json", "{", "qualification-types.json: "),
        ("readme.txt", "nothing", "expected layouts/ID.html"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, text: str, expected: str):
    (tmp_path / name).write_text(text)
    with pytest.raises(pages.Unreadable, match=expected.replace("(", r"\(")):
        pages.read_saved(tmp_path)


def test_a_layout_that_is_no_question_imports_nothing(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "POUCNOBODY")
    assert programs.run_import([]) == 2
    assert programs.run_import([str(tmp_path / "nowhere")]) == 1
    assert "expected a directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"Test": TEST, "TestDurationInSeconds": 60}, "Good worker has a Test of its own"),
        ({"AutoGranted": True, "AutoGrantedValue": 3}, "Good worker is AutoGranted"),
    ],
)
async def test_values_that_nobody_could_claim_are_refused(
    town: Town,  # noqa: F811
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    about: dict[str, Any],
    why: str,
):
    """They were counted as brought, and their type asked nobody for an id."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", town.turk.pair.access_id)
    kept = {"QualificationTypeId": OLD_TYPE, "Name": "Good worker", "Description": "Did well.", **about}
    (directory(tmp_path) / "qualification-types.json").write_text(json.dumps({"QualificationTypes": [kept]}))
    assert programs.run_import([str(tmp_path)]) == 1
    assert why in capsys.readouterr().err
    (tmp_path / "workers.csv").unlink()
    assert programs.run_import([str(tmp_path)]) == 0
