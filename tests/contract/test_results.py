"""What comes back: every format of results and submissions, from a project in one message to the last cent."""

import csv as tables
import io
import json
import re

from formats.writing import WRITERS
from simulator.crowd.client import Json, Phone
from storage import invariants
from tests.stories.town import Town, csv, next_task, town

RESULTS = ["task", "text", "consensus", "confidence", "submissions", "state"]
SUBMISSIONS = ["task", "worker", "answer", "gold", "seconds", "state", "submitted_at"]
FORMATS = ("csv", "jsonl", "xlsx", "parquet", "toloka", "labelstudio", "crowdkit")
ENDINGS = (".csv", ".jsonl", ".xlsx", ".parquet", ".tsv", ".json", ".csv")
KEY_LINES = (
    r"AWS_ACCESS_KEY_ID=[A-Z0-9]{16,}",
    r"AWS_SECRET_ACCESS_KEY=\S{40}",
    r"AWS_ENDPOINT_URL_MTURK=http://127\.0\.0\.1:\d+",
    r"POUCE_API_KEY=\S+",
)


async def sent(phone: Phone, said: str) -> bytes:
    """The file that answers, by its name."""
    table, _, *asked = said.removeprefix("/").split()
    ending = WRITERS[" ".join(asked) or "csv"].extension
    await phone.say(said)
    message = await phone.wait_for(lambda message: _is_named(message, table, ending), new=True)
    return await phone.download(message)


def _is_named(message: Json, table: str, ending: str) -> bool:
    name = str(message.get("document", {}).get("file_name", ""))
    return name.startswith(f"{table}-") and name.endswith(f".{ending}")


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(tables.DictReader(io.StringIO(data.decode("utf-8-sig"))))


async def test_results_and_submissions_come_under_their_names(sqlite_url: str):
    async with town(sqlite_url) as home:
        rosa = await home.requester()
        # It goes on, so that no file comes by itself.
        number = await home.project(rosa, csv("Lovely", gold=("positive",)), overlap=2)
        await answered(home)
        tables_of = {
            "results": [RESULTS, ["INPUT:text", "OUTPUT:result"], ["task", "label"]],
            "submissions": [SUBMISSIONS, ["INPUT:text", "OUTPUT:result"], ["task", "worker", "label"]],
        }
        for table, (columns, toloka, crowdkit) in tables_of.items():
            data = await sent(rosa, f"/{table} {number}")
            assert list(rows_of(data)[0])[: len(columns)] == columns
            lines = await sent(rosa, f"/{table} {number} jsonl")
            assert list(json.loads(lines.splitlines()[0]))[: len(columns)] == columns
            pool = await sent(rosa, f"/{table} {number} toloka")
            assert pool.decode("utf-8-sig").splitlines()[0].split("\t")[:2] == toloka
            votes = await sent(rosa, f"/{table} {number} crowdkit")
            assert list(rows_of(votes)[0]) == crowdkit
        data = await sent(rosa, f"/submissions {number} csv raw")
        paid = [(row["state"], row["answer"], row["gold"]) for row in rows_of(data)]
        assert sorted(paid) == [("accepted", "positive", ""), ("accepted", "positive", "positive")]
        assert_to_the_cent(home, number)


async def answered(home: Town) -> None:
    ann = await home.worker("Ann", pushed=False)
    await ann.say("/work")
    await next_task(ann)
    for _ in range(2):
        await ann.press("positive")
        await next_task(ann)


def assert_to_the_cent(home: Town, number: int) -> None:
    accounts = dict(home.rows("SELECT name, balance FROM accounts WHERE name LIKE 'worker:%' OR name LIKE 'project:%'"))
    assert {name.partition(":")[2].partition(":")[2] for name in accounts} >= {"available", "pending", "budget"}
    assert sum(value for name, value in accounts.items() if name.startswith("worker:")) == 100_000
    assert accounts[f"project:{number}:budget"] == 2 * 55_000


def test_every_format_has_its_name_and_ending():
    assert [f".{WRITERS[name].extension}" for name in FORMATS] == list(ENDINGS)


async def test_a_key_is_one_message_with_its_lines(sqlite_url: str, unused_tcp_port: int):
    told = {"http_port": unused_tcp_port, "secrets_key": "k" * 32}
    async with town(sqlite_url, **told) as home:
        rosa = await home.requester(euros="0")
        await rosa.say("/apikey")
        lines = (await rosa.wait_for("POUCE_API_KEY"))["text"].splitlines()
        found = [line for line in lines if re.fullmatch(r"[A-Z_]+=.*", line)]
        assert [bool(re.fullmatch(wanted, line)) for wanted, line in zip(KEY_LINES, found, strict=True)] == [True] * 4
        assert home.look(invariants.find_violations) == []


async def test_whoever_presses_a_name_of_the_requesters_answers_it(sqlite_url: str):
    async with town(sqlite_url) as home:
        rosa = await home.requester()
        pairs = "".join(f"pair {at},one {at},two {at},\n" for at in range(4))
        rows = f"text,left,right,gold\n{pairs}known,a,b,left\n".encode()
        number = await home.project(rosa, rows, kind="compare", options="left, right", overlap=2)
        ann = await home.worker("Ann", pushed=False)
        await ann.say("/work")
        await next_task(ann)
        for _ in range(5):
            await ann.press("left")
            await next_task(ann)
        found = rows_of(await sent(rosa, f"/submissions {number}"))
        assert [row["answer"] for row in found] == ["left"] * 5
