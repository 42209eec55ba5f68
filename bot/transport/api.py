"""The Bot API with plain values: methods by name, answers as dictionaries."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from telegram.request import BaseRequest, RequestData

from bot.transport.failures import OutcomeUnknown
from domain.records import record

READ = 20.0  # seconds until an answer, unless Telegram is asked to hold it back

Upload = tuple[str, Any, str]  # a file's name, its content, its media type


@record
class Parameters:
    """The part of the library's RequestData that the transport needs, from plain values: texts stay, others become
    JSON."""

    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def contains_files(self) -> bool:
        return bool(self.files)

    @property
    def json_parameters(self) -> dict[str, str]:
        return {
            name: value if isinstance(value, str) else orjson.dumps(value).decode()
            for name, value in self.values.items()
            if value is not None
        }

    @property
    def multipart_data(self) -> dict[str, Upload]:
        return dict(self.files)


@dataclass(frozen=True, slots=True)
class BotApi:
    """Calls a method with plain values and answers with plain values; errors are the library's."""

    request: BaseRequest
    base: str

    async def __call__(
        self, method: str, files: Mapping[str, Upload] | None = None, wait: float = 0, **values: Any
    ) -> Any:
        """`wait`: seconds the server is asked to hold the answer back, on top of the usual timeout."""
        data = cast(RequestData, Parameters(values, files or {}))
        timeout = {"read_timeout": READ + wait} if wait else {}
        try:
            return await self.request.post(f"{self.base}/{method}", data, **timeout)
        except (KeyError, TypeError, asyncio.IncompleteReadError):
            raise OutcomeUnknown("Invalid server response") from None
