"""Log lines without secrets: no token, no message text, no IBAN, in tracebacks neither."""

import logging
import re
import sys
import traceback
from typing import Any

QUIET = ("httpx", "httpcore", "aiohttp", "aiohttp.access", "apscheduler", "telegram", "asyncio")
TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{8,}")
IN_ADDRESS = re.compile(r"bot\d+:[\w-]+")
IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b")
PASSWORD = re.compile(r"(?<=://)([^/@\s:]+):[^/@\s]+@")


class Discreet(logging.Formatter):
    """Redacts the finished line; an exception shows where it was raised and its class, never its words."""

    def __init__(self, *secrets: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self.secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self.secrets:
            line = line.replace(secret, "***")
        for pattern, instead in ((IN_ADDRESS, "bot***"), (TOKEN, "***"), (PASSWORD, r"\1:***@"), (IBAN, "***")):
            line = pattern.sub(instead, line)
        return line

    def formatException(self, ei: Any) -> str:
        error: BaseException | None = ei[1]
        parts: list[str] = []
        while error is not None:
            parts.append(type(error).__name__ + "\n" + "".join(traceback.format_tb(error.__traceback__)))
            error = error.__cause__ or error.__context__
        return "caused by ".join(parts).rstrip()


def set_up(level: str, *secrets: str) -> None:
    """One handler on the root logger; libraries speak from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(*secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
