"""Tasks from a program: rows of JSON, or a file of any format that the chat takes, as multipart or as the body."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, TypeVar, cast

from aiohttp import BodyPartReader, StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError

from domain.people.accounts import Person
from domain.projects.projects import ProjectId
from jobs.uploads import intake
from jobs.uploads.progress import SentFile
from jobs.uploads.reading import LARGEST, fingerprint
from services.act import Act, House
from services.projects import wizard
from storage.unit import UnitOfWork
from web.api.bodies import NewProject, NewTasks
from web.api.calls import Answer, Call, fingerprint_of
from web.api.endpoint import Pace, Problem
from web.requests import give_time

MOST_JSON = 4 << 20  # bytes of rows in JSON; larger ones come as a file
MOST_KEY = 16 << 10  # bytes of one key's value
IN_MEMORY = 1 << 20
LONGEST_NAME = 100  # characters of a file's
T = TypeVar("T")


@dataclass(slots=True)
class Sent:
    """The file, under its `name`, and the keys that came with it."""

    place: BinaryIO
    name: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    size: int = 0

    async def write(self, block: bytes, most: int = LARGEST) -> None:
        self.size += len(block)
        if self.size > most:
            raise Problem(413, "too_large", f"At most {most} bytes.")
        await asyncio.to_thread(self.place.write, block)

    def bytes_of(self) -> bytes:
        self.place.seek(0)
        return self.place.read()

    async def copy(self, place: BinaryIO) -> None:
        self.place.seek(0)
        await asyncio.to_thread(shutil.copyfileobj, self.place, place)


@dataclass(slots=True)
class ApiUpload:
    """A program's upload, as intake sees its door; `answer` is set by the final transaction."""

    house: House
    pace: Pace
    call: Call
    person: Person
    answer: Answer | None = None
    asks = False

    @property
    def chat(self) -> Person:
        return self.person

    async def stand_for(self, project: ProjectId) -> None:
        """A key is of one account."""

    def file(self, reference: str, name: str, size: int, message: int, edited: bool = False) -> SentFile:
        """One at an address: a program's own file is not kept."""
        return SentFile(name, size, "", reference, message, 0, _nothing, _never, edited)

    async def ask(self, question: Callable[[Act], T]) -> T:
        return await self.house.database.aside(lambda unit: question(self.call.admitted(unit)), self.house.clock())

    async def finish(self, service: Callable[[Act], object]) -> None:
        async with self.pace.writing:
            self.answer = await self.house.database.transact(
                lambda unit: self.call.done(unit, lambda act: _last(service(act))), self.house.clock()
            )


async def received(house: House, pace: Pace, call: Call, request: web.Request, numbers: Mapping[str, int]) -> Answer:
    """Whose key it is comes first, then the body."""
    async with pace.reading:
        person = await house.database.aside(lambda unit: call.admitted(unit).person, house.clock())
    give_time(request)
    async with _read(request, NewTasks if "number" in numbers else NewProject) as sent:
        digest = await asyncio.to_thread(fingerprint, sent.place, repr(sorted(sent.keys.items())))
        call = replace(call, fingerprint=fingerprint_of(request.method, request.path, digest.encode()))
        door = ApiUpload(house, pace, call, person)
        await _taken(door, sent, numbers)
    assert door.answer is not None  # noqa: S101 - intake ends with it, or raises
    return door.answer


async def _taken(door: ApiUpload, sent: Sent, numbers: Mapping[str, int]) -> None:
    door.answer = await door.house.database.aside(lambda unit: door.call.known(unit), door.house.clock())
    if door.answer is not None:
        return
    file = SentFile(sent.name, sent.size, "", "", 0, 0, sent.copy, _never)
    if "number" in numbers:
        if sent.keys:
            raise Problem(422, "malformed", f"Tasks are added without keys, such as {next(iter(sent.keys))}.")
        await intake.add(door, file, ProjectId(numbers["number"]))
    else:
        form = wizard.form_of_keys(sent.keys, door.house.terms.currency)
        if form.file and sent.size:
            raise Problem(422, "malformed", "The tasks come with the request or from an address: not both.")
        await intake.create(door, intake.at(door, form.file) if form.file else file, form)


async def _nothing(_: BinaryIO) -> None:
    """What is at an address is fetched by jobs/fetching."""


def _never(_: UnitOfWork) -> bool:
    return False


def _last(result: object) -> object:
    """The pre-flight card comes last."""
    return result[-1] if isinstance(result, tuple) else result


@asynccontextmanager
async def _read(request: web.Request, kind: type[NewTasks | NewProject]) -> AsyncIterator[Sent]:
    with SpooledTemporaryFile(IN_MEMORY) as place:
        sent = Sent(cast(BinaryIO, place))
        if request.content_type == "application/json":
            await _json(request, sent, kind)
        elif request.content_type == "multipart/form-data":
            await _multipart(request, sent)
        else:
            await _whole(request, sent)
        if not sent.size and "file" not in sent.keys:
            raise Problem(422, "malformed", "There are no tasks in it.")
        yield sent


async def _json(request: web.Request, sent: Sent, kind: type[NewTasks | NewProject]) -> None:
    """Rows, and the keys beside them."""
    await _copied(request.content, sent, MOST_JSON)
    body = kind.model_validate_json(sent.bytes_of())
    sent.place.seek(0)
    sent.place.truncate()
    sent.size, sent.name = 0, "tasks.jsonl"
    sent.keys = body.keys
    for row in body.tasks:
        await sent.write(f"{json.dumps(row)}\n".encode())


async def _multipart(request: web.Request, sent: Sent) -> None:
    """The part `file`, and each key as a part of its own."""
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise ValueError
            if part.name == "file" and not sent.name:
                sent.name = _name(part.filename or "")
                while block := await part.read_chunk(1 << 16):
                    await sent.write(block)
            elif part.name == "file" or part.name in sent.keys or len(sent.keys) > 100:
                raise ValueError
            else:
                sent.keys[part.name] = await _value(part)
    except (ValueError, HttpProcessingError):
        raise Problem(422, "malformed", "Each part has a name of its own, and one is `file`.") from None


async def _value(part: BodyPartReader) -> str:
    value = bytearray()
    while block := await part.read_chunk(1 << 14):
        value += block
        if len(value) > MOST_KEY:
            raise Problem(413, "too_large", f"At most {MOST_KEY} bytes a key.")
    return value.decode()


async def _whole(request: web.Request, sent: Sent) -> None:
    """The body is the file; its name and the keys are in the address."""
    keys = dict(request.query)
    sent.name, sent.keys = _name(keys.pop("filename", "")), keys
    await _copied(request.content, sent, LARGEST)


async def _copied(content: StreamReader, sent: Sent, most: int) -> None:
    async for block in content.iter_chunked(1 << 16):
        await sent.write(block, most)


def _name(name: str) -> str:
    """Without folders, and without what is not seen: people name their files as they like."""
    plain = "".join(filter(str.isprintable, PurePosixPath(name.replace("\\", "/")).name)).strip()
    if not plain:
        raise Problem(422, "malformed", "The file needs a name with an ending, such as tasks.csv.")
    return plain[-LONGEST_NAME:]
