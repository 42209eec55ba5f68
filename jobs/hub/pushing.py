"""A sweep: results that requesters had pushed are made and sent, each by a process of its own that alone has the
token."""

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from domain.hub import HubPush
from domain.moments import Moment
from jobs.data_sheets import Words
from jobs.exports import project_of
from jobs.hub.folder import Reader, filled
from locales import Translator, translator
from services.encryption import Encryption, Undecipherable
from services.projects.publishing import hub
from storage.database import Database

SECONDS = 900.0  # for one push
ROOT = str(Path(__file__).parents[2])
# How this machine reaches the outside; nothing else of ours is the child's business.
PASSED = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "PATH")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HubPushing:
    """`words` are those of the card, in a language; `endpoint` is the hub's address."""

    encryption: Encryption
    endpoint: str
    words: Callable[[Translator], Words]

    async def push(self, database: Database, clock: Callable[[], Moment]) -> None:
        if not await database.look(lambda unit: bool(unit.hub_pushes.due(1)), clock()):
            return
        due = await database.transact(hub.take, clock())
        await asyncio.gather(*(self._one(database, clock, each) for each in due))

    async def _one(self, database: Database, clock: Callable[[], Moment], push: HubPush) -> None:
        with TemporaryDirectory(prefix="pouce-") as place:
            said = await self._sent(database, clock, push, Path(place))
        if "url" in said:
            await database.transact(hub.succeed, clock(), push, said["url"], said["public"])
        else:
            log.warning("A push to the hub failed", extra={"reason": said["why"]})
            await database.transact(hub.fail, clock(), push, said["why"])

    async def _sent(
        self, database: Database, clock: Callable[[], Moment], push: HubPush, place: Path
    ) -> dict[str, Any]:
        """What came of it: a url, or why not."""
        try:
            token = self.encryption.decrypt(push.token)
        except (Undecipherable, ValueError):
            return {"why": "token"}
        folder, now = place / "set", clock()
        folder.mkdir()
        person = await database.look(lambda unit: unit.people.get(push.requester), now)
        reader = Reader(self.words(translator(person.language)), person.language)
        project, secret = await project_of(database, {"number": push.project}, now)
        await filled(folder, database, project, secret, reader, now)
        asked = {"endpoint": self.endpoint, "token": token, "name": push.name, "public": push.public}
        return await asked_of_child({**asked, "folder": str(folder)}, place)


async def asked_of_child(asked: dict[str, Any], home: Path) -> dict[str, Any]:
    """The token goes through a pipe: it is in no argument, no environment and no file."""
    passed = {name: os.environ[name] for each in PASSED for name in (each, each.lower()) if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "jobs.hub.child"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=home,
        start_new_session=True,
        env={**passed, "PYTHONPATH": ROOT, "HOME": str(home), "HF_HOME": str(home / "hf")},
    )
    try:
        async with asyncio.timeout(SECONDS):
            told, _ = await process.communicate(orjson.dumps(asked))
    except TimeoutError:
        return {"why": "network"}
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    answer: dict[str, Any] = orjson.loads(told) if told else {"why": "hub"}
    return answer
