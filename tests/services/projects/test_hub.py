"""Results go to the Hugging Face hub with the requester's token, by its own library; nothing of the token stays."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
import yaml

from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.results import HubAsked, HubBegun, HubFailed, HubPushed, ProjectFile
from domain.refusals import BadInput, NoHub, NoSecretsKey, NotFound
from handlers.projects.results import GetResults, PushToHub
from jobs import hub, hub_child
from jobs.hub import HubPushing
from services.act import Act, Encryption, Reply
from services.projects import results
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.hub import READS, WRITES, DataSet, Hub, served
from tests.invariants.flows import turn
from tests.services.people.test_qualifications import told_of

SECRETS = Encryption(["the key of this house"])
WHOLE = ["results", "submissions"]


def anna_of(unit: UnitOfWork, person: PersonId, **changes: Any) -> Act:
    act = act_of(unit, person)
    return replace(act, house=replace(act.house, **{"encryption": SECRETS, "hub": "https://hub.example", **changes}))


def kept_of(unit: UnitOfWork, person: PersonId) -> dict[str, Any]:
    draft = unit.drafts.find(person)
    assert draft is not None
    assert draft.journey == results.JOURNEY
    return draft.fields


def say(unit: UnitOfWork, house: House, text: str) -> object:
    return results.take_push_words(anna_of(unit, house.requester), kept_of(unit, house.requester), text)


def test_a_name_then_a_token_which_leaves_the_chat_and_is_kept_encrypted(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 1, 2, overlap=1)
        asked = press(anna_of(unit, house.requester), PushToHub(number=house.project))
        assert asked == HubAsked(house.project, "Is the review positive?", "", False, False)
        for wrong in ("reviews", "anna/re--views", "anna/reviews.git", "a/b/c", "anna/reviews open", "anna/"):
            again = say(unit, house, wrong)
            assert isinstance(again, HubAsked)
            assert (again.name, again.again) == ("", True)
        for early in (WRITES, f"anna/reviews {WRITES}"):  # the token, where the name was asked for
            told = say(unit, house, early)
            assert isinstance(told, Reply)
            assert told.erases
        named = say(unit, house, "anna/reviews public")
        assert isinstance(named, HubAsked)
        assert (named.name, named.public, named.again) == ("anna/reviews", True, False)
        none = say(unit, house, "I have no token")
        assert isinstance(none, Reply)
        assert (none.erases, none.message) == (True, replace(named, again=True))
        begun = say(unit, house, f" {WRITES} ")
        assert isinstance(begun, Reply)
        assert (begun.erases, begun.message) == (True, HubBegun("Is the review positive?", "anna/reviews"))
        (push,) = unit.hub_pushes.due(9)
        assert (push.name, push.public, SECRETS.decrypt(push.token)) == ("anna/reviews", True, WRITES)
        assert unit.drafts.find(house.requester) is None
        assert WRITES not in push.token


def test_whose_project_it_is_and_what_the_house_needs(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 1, 2, overlap=1)
        ordered = GetResults(number=house.project, form="push anna/reviews")
        asked = press(anna_of(unit, house.requester), ordered)
        assert isinstance(asked, HubAsked)
        assert (asked.name, asked.public) == ("anna/reviews", False)
        with pytest.raises(BadInput):
            press(anna_of(unit, house.requester), GetResults(number=house.project, form="push reviews"))
        for name in ("anna/reviews", ""):
            told = GetResults(number=house.project, form=f"push {name} {WRITES}")
            asked = press(anna_of(unit, house.requester), told)
            assert isinstance(asked, HubAsked)
            assert asked.name == name
        with pytest.raises(BadInput) as refused:  # it goes into a message, and the table of messages
            press(anna_of(unit, house.requester), GetResults(number=house.project, form=f"push reviews {WRITES}"))
        assert WRITES not in str(refused.value)
        with pytest.raises(NoHub):
            press(anna_of(unit, house.requester, hub=""), ordered)
        with pytest.raises(NoSecretsKey):
            press(anna_of(unit, house.requester, encryption=Encryption()), ordered)
        with pytest.raises(NotFound):
            results.ask_for_push(anna_of(unit, house.workers[0]), house.project)
        for there, shown in (("https://hub.example", True), ("", False)):
            of = anna_of(unit, house.requester, hub=there)
            file = press(of, GetResults(number=house.project, form="huggingface"))
            assert isinstance(file, ProjectFile)
            assert file.to_hub is shown


def test_a_push_that_outlives_the_process_too_often_is_given_up_and_one_asked_anew_stays(
    database_url: str, now: Moment
) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 1, 2, overlap=1)
        unit.hub_pushes.add(house.project, house.requester, "anna/a", False, "sealed")
        for _ in range(3):
            (first,) = results.take_due_pushes(unit)
        assert results.take_due_pushes(unit) == []
        assert [each["why"] for each in told_of(unit, house.requester, HubFailed)] == ["hub"]
        assert unit.hub_pushes.due(9) == []
        unit.hub_pushes.add(house.project, house.requester, "anna/b", False, "other")
        results.finish_push(unit, first, "https://hub.example/anna/a", False)  # the one before
        assert [each.name for each in unit.hub_pushes.due(9)] == ["anna/b"]
        assert [what for what, *_ in unit.connection.all("SELECT what FROM deliveries ORDER BY what")] == WHOLE
        assert told_of(unit, house.requester, HubPushed) == []


@pytest.fixture
async def there() -> AsyncIterator[Hub]:
    async with served() as found:
        yield found


async def test_the_hub_has_both_tables_and_a_card_and_the_token_is_gone(
    database: Database, now: Moment, there: Hub
) -> None:
    def settle(unit: UnitOfWork) -> House:
        house = furnish(unit, 2, 2, overlap=1)
        assert turn(unit, house.workers[0])
        unit.hub_pushes.add(house.project, house.requester, "anna/reviews", False, SECRETS.encrypt(WRITES))
        return house

    house = await database.transact(settle, now)
    await HubPushing(SECRETS, there.url).push_due(database, lambda: later(now, 1_000))
    found = there.sets["anna/reviews"]
    assert found.private
    assert sorted(found.files) == ["README.md", "data/results.parquet", "data/submissions.parquet"]
    results = pyarrow.parquet.read_table(io.BytesIO(found.files["data/results.parquet"])).to_pylist()
    assert [row["task"] for row in results] == ["t1", "t2"]
    assert {row["consensus"] for row in results} == {"positive", None}
    head, body = found.files["README.md"].decode().removeprefix("---\n").split("---\n", 1)
    told = yaml.safe_load(head)
    assert (told["pretty_name"], told["size_categories"]) == ("Is the review positive?", ["n<1K"])
    assert [each["config_name"] for each in told["configs"]] == ["results", "submissions"]
    assert "## Who answered, when and how" in body

    def left(unit: UnitOfWork) -> list[dict[str, Any]]:
        assert unit.hub_pushes.due(9) == []
        return told_of(unit, house.requester, HubPushed)

    (told,) = await database.transact(left, now)
    assert (told["url"], told["public"]) == (f"{there.url}/datasets/anna/reviews", False)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"token": "hf_mistyped_or_ended"}, "token"),
        ({"token": READS}, "forbidden"),
        ({"name": "bob/reviews"}, "forbidden"),
        ({"name": "anna/open"}, "public"),
        ({"endpoint": "http://127.0.0.1:9"}, "network"),
        ({"endpoint": "https://nowhere.invalid"}, "network"),
    ],
)
async def test_why_a_push_was_refused(there: Hub, tmp_path: Path, asked: dict[str, Any], why: str) -> None:
    there.sets["anna/open"] = DataSet(private=False)
    sent = {"endpoint": there.url, "token": WRITES, "name": "anna/mine", "public": False, "folder": str(tmp_path)}
    assert await asyncio.to_thread(hub_child.get_outcome, {**sent, **asked}) == {"why": why}
    assert not any(each.files for each in there.sets.values())


async def test_the_same_comes_as_a_file_that_datasets_opens(database: Database, now: Moment, tmp_path: Path) -> None:
    import datasets

    title = "Is it *pleased*?\n---\n<b>"
    house = await database.transact(lambda unit: furnish(unit, 1, 2, overlap=1, title=title, languages=("fr",)), now)
    facts = {"number": ProjectId(house.project), "language": "en"}
    made = await hub.make_data_set_zip(database, facts, now)
    with zipfile.ZipFile(made.path) as archive:
        archive.extractall(tmp_path)
    made.path.unlink()
    opened = datasets.load_dataset(str(tmp_path), split="train", cache_dir=str(tmp_path / "cache"))
    assert opened["task"][:] == ["t1", "t2"]
    assert datasets.get_dataset_config_names(str(tmp_path)) == ["results"]  # nobody has answered yet
    told = yaml.safe_load((tmp_path / "README.md").read_text(encoding="utf-8").split("\n---\n")[0])
    assert told["language"] == ["fr"]
    assert told["pretty_name"].startswith("Is it *pleased*?")
