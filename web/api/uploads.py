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
from jobs.uploads.reading import MAX_UPLOAD_BYTES, fingerprint
from services.act import Act, House
from services.projects import wizard
from storage.unit import UnitOfWork
from web.api.bodies import NewProject, NewTasks
from web.api.calls import ApiAnswer, ApiCall, fingerprint_of
from web.api.endpoint import Pace, Problem
from web.requests import extend_deadline

MAX_JSON_BYTES = 4 << 20  # bytes of rows in JSON; larger ones come as a file
MAX_KEY_BYTES = 16 << 10  # bytes of one key's value
MAX_MEMORY_BYTES = 1 << 20
MAX_NAME_CHARS = 100  # characters of a file's
T = TypeVar("T")


@dataclass(slots=True)
class SentContent:
    """The file that came with a request, its `name`, and the keys beside it."""

    place: BinaryIO
    name: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    size: int = 0

    async def write(self, block: bytes, max_bytes: int = MAX_UPLOAD_BYTES) -> None:
        """Append a block to the file. Raise Problem 413 if the file becomes larger than `max_bytes`."""
        self.size += len(block)
        if self.size > max_bytes:
            raise Problem(413, "too_large", f"At most {max_bytes} bytes.")
        await asyncio.to_thread(self.place.write, block)

    def bytes_of(self) -> bytes:
        self.place.seek(0)
        return self.place.read()

    async def copy(self, place: BinaryIO) -> None:
        self.place.seek(0)
        await asyncio.to_thread(shutil.copyfileobj, self.place, place)


@dataclass(slots=True)
class ApiUpload:
    """A program's upload, as jobs/uploads sees the place where a file comes in; `answer` is set by the final
    transaction."""

    house: House
    pace: Pace
    call: ApiCall
    person: Person
    answer: ApiAnswer | None = None
    asks = False

    @property
    def chat(self) -> Person:
        return self.person

    async def stand_for(self, project: ProjectId) -> None:
        """Do nothing: a key is of one account, so that no team must be chosen."""

    def file(self, reference: str, name: str, size: int, message: int, edited: bool = False) -> SentFile:
        """Return the file at an address; a program's own file is not stored."""
        return SentFile(
            name,
            size,
            caption="",
            reference=reference,
            message=message,
            number=0,
            fetch=_fetch_nothing,
            is_dropped=_is_never_current,
            edited=edited,
        )

    async def ask(self, question: Callable[[Act], T]) -> T:
        """Return the answer to a question that only reads, asked as the key's owner."""
        return await self.house.database.aside(lambda unit: question(self.call.authorize(unit)), self.house.clock())

    async def finish(self, service: Callable[[Act], object]) -> None:
        """Run the service once, within the key's budget, and keep its answer."""
        async with self.pace.writing:
            self.answer = await self.house.database.transact(
                lambda unit: self.call.answer_once(unit, lambda act: _last_result(service(act))), self.house.clock()
            )


async def receive_upload(
    house: House, pace: Pace, call: ApiCall, request: web.Request, numbers: Mapping[str, int]
) -> ApiAnswer:
    """Check the key, read the body, and return the answer of the upload: the pre-flight card."""
    async with pace.reading:
        person = await house.database.aside(lambda unit: call.authorize(unit).person, house.clock())
    extend_deadline(request)
    async with _read_request(request, NewTasks if "number" in numbers else NewProject) as content:
        digest = await asyncio.to_thread(fingerprint, content.place, repr(sorted(content.keys.items())))
        call = replace(call, fingerprint=fingerprint_of(request.method, request.path, digest.encode()))
        door = ApiUpload(house, pace, call, person)
        await _take_in(door, content, numbers)
    assert door.answer is not None  # noqa: S101 - intake ends with it, or raises
    return door.answer


async def _take_in(door: ApiUpload, content: SentContent, numbers: Mapping[str, int]) -> None:
    """Read the tasks and set `door.answer`, or set it to that of an earlier request with the same name. Raise
    Problem 422 for keys beside added tasks, and for tasks that come both with the request and from an address."""
    door.answer = await door.house.database.aside(lambda unit: door.call.find_earlier_answer(unit), door.house.clock())
    if door.answer is not None:
        return
    file = SentFile(
        content.name,
        content.size,
        caption="",
        reference="",
        message=0,
        number=0,
        fetch=content.copy,
        is_dropped=_is_never_current,
    )
    if "number" in numbers:
        if content.keys:
            raise Problem(422, "malformed", f"Tasks are added without keys, such as {next(iter(content.keys))}.")
        await intake.add_tasks(door, file, ProjectId(numbers["number"]))
    else:
        form = wizard.form_of_keys(content.keys, door.house.terms.currency)
        if form.file and content.size:
            raise Problem(422, "malformed", "The tasks come with the request or from an address: not both.")
        await intake.create_project(door, intake.file_at_address(door, form.file) if form.file else file, form)


async def _fetch_nothing(_: BinaryIO) -> None:
    """Write nothing: jobs/fetching fetches what is at an address."""


def _is_never_current(_: UnitOfWork) -> bool:
    return False


def _last_result(result: object) -> object:
    """Return the last of several results: the pre-flight card."""
    return result[-1] if isinstance(result, tuple) else result


@asynccontextmanager
async def _read_request(request: web.Request, kind: type[NewTasks | NewProject]) -> AsyncIterator[SentContent]:
    """Yield the content of the request, in a temporary file. Raise Problem 422 if there are no tasks in it."""
    with SpooledTemporaryFile(MAX_MEMORY_BYTES) as place:
        content = SentContent(cast(BinaryIO, place))
        if request.content_type == "application/json":
            await _read_json(request, content, kind)
        elif request.content_type == "multipart/form-data":
            await _read_multipart(request, content)
        else:
            await _read_whole_body(request, content)
        if not content.size and "file" not in content.keys:
            raise Problem(422, "malformed", "There are no tasks in it.")
        yield content


async def _read_json(request: web.Request, content: SentContent, kind: type[NewTasks | NewProject]) -> None:
    """Read rows, and the keys beside them, from a JSON body; the rows become a JSONL file."""
    await _copy_stream(request.content, content, MAX_JSON_BYTES)
    body = kind.model_validate_json(content.bytes_of())
    content.place.seek(0)
    content.place.truncate()
    content.size, content.name = 0, "tasks.jsonl"
    content.keys = body.keys
    for row in body.tasks:
        await content.write(f"{json.dumps(row)}\n".encode())


async def _read_multipart(request: web.Request, content: SentContent) -> None:
    """Read the part `file`, and each key from a part of its own. Raise Problem 422 for parts without a name,
    repeated ones or too many."""
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise ValueError
            if part.name == "file" and not content.name:
                content.name = _clean_name(part.filename or "")
                while block := await part.read_chunk(1 << 16):
                    await content.write(block)
            elif part.name == "file" or part.name in content.keys or len(content.keys) > 100:
                raise ValueError
            else:
                content.keys[part.name] = await _read_value(part)
    except (ValueError, HttpProcessingError):
        raise Problem(422, "malformed", "Each part has a name of its own, and one is `file`.") from None


async def _read_value(part: BodyPartReader) -> str:
    value = bytearray()
    while block := await part.read_chunk(1 << 14):
        value += block
        if len(value) > MAX_KEY_BYTES:
            raise Problem(413, "too_large", f"At most {MAX_KEY_BYTES} bytes a key.")
    return value.decode()


async def _read_whole_body(request: web.Request, content: SentContent) -> None:
    """Read the body as the file; its name and the keys are in the address."""
    keys = dict(request.query)
    content.name, content.keys = _clean_name(keys.pop("filename", "")), keys
    await _copy_stream(request.content, content, MAX_UPLOAD_BYTES)


async def _copy_stream(content: StreamReader, target: SentContent, max_bytes: int) -> None:
    async for block in content.iter_chunked(1 << 16):
        await target.write(block, max_bytes)


def _clean_name(name: str) -> str:
    """Return the name without folders and invisible characters, cut to its last MAX_NAME_CHARS. Raise Problem 422
    if nothing is left."""
    plain = "".join(filter(str.isprintable, PurePosixPath(name.replace("\\", "/")).name)).strip()
    if not plain:
        raise Problem(422, "malformed", "The file needs a name with an ending, such as tasks.csv.")
    return plain[-MAX_NAME_CHARS:]
