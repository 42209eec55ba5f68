"""The clients and projects of programs: the calls, and the front end that performs them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx

from pouce_client.calls import Calls
from pouce_client.core import Awaiting, Blocking
from pouce_client.errors import Problem
from pouce_client.media import Folder
from pouce_client.project import ProjectCalls
from pouce_client.requests import settings

TIMEOUT_SECONDS = 60.0


class Client(Calls, Blocking):
    """`with Client() as pouce:` reads POUCE_API_URL and POUCE_API_KEY."""

    def __init__(self, url: str | None = None, key: str | None = None, timeout: float = TIMEOUT_SECONDS) -> None:
        self.address, key = settings(url, key)
        self._http = httpx.Client(base_url=self.address, headers={"Authorization": f"Bearer {key}"}, timeout=timeout)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()


class AsyncClient(Calls, Awaiting):
    """`async with AsyncClient() as pouce:` reads POUCE_API_URL and POUCE_API_KEY."""

    def __init__(self, url: str | None = None, key: str | None = None, timeout: float = TIMEOUT_SECONDS) -> None:
        self.address, key = settings(url, key)
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx.AsyncClient(base_url=self.address, headers=headers, timeout=timeout)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()


class Project(ProjectCalls, Blocking):
    """A project: `Project.create(…)` drafts one, `Project(7)` is one that is there. Without a `client` the address and
    key come from the environment."""

    def __init__(self, number: int, client: Client | None = None) -> None:
        self.number, self.client = number, client or Client()
        self._http = self.client._http

    @classmethod
    def create(
        cls, tasks: Any, *, media: Folder = "", client: Client | None = None, key: str | None = None, **form: Any
    ) -> Project:
        """Draft a project of a data frame, of mappings, of a file, or of a folder of pictures, sounds or videos; `form`
        are title, instructions, options, pay … Local files that media columns name are sent from `media`: "" is where
        the tasks are, None sends none."""
        client = client or Client()
        card = client.create(tasks, key=key, media=media, **form)
        return cls(card.number, client)._remember(card)

    def _repr_html_(self) -> str:
        """Return how the project stands now; as it was known last where the service does not answer."""
        with suppress(Problem):
            self.progress()
        return self._draw()


class AsyncProject(ProjectCalls, Awaiting):
    """A project whose calls are awaited: `await AsyncProject.create(…)` drafts one, `AsyncProject(7)` is one that is
    there."""

    def __init__(self, number: int, client: AsyncClient | None = None) -> None:
        self.number, self.client = number, client or AsyncClient()
        self._http = self.client._http

    @classmethod
    async def create(
        cls, tasks: Any, *, media: Folder = "", client: AsyncClient | None = None, key: str | None = None, **form: Any
    ) -> AsyncProject:
        """Draft a project, as Project.create does."""
        client = client or AsyncClient()
        card = await client.create(tasks, key=key, media=media, **form)
        return cls(card.number, client)._remember(card)

    def _repr_html_(self) -> str:
        """Return how the project stood when it was last asked for."""
        return self._draw()
