"""Log lines for people and machines: one an event, key=value; no token, no message text, no name, no IBAN.

time=2026-11-24T21:05:09.120Z level=warning where=bot.delivery.relay event="Telegram does not answer" reason=TimedOut
"""

import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

OURS = ("bot", "handlers", "web", "jobs", "services", "domain", "storage", "formats", "reports", "locales", "simulator")
SECRET = 4  # characters from which a secret is redacted: shorter ones could be words
FRAMES = 12  # of an error that are logged, the innermost last
TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{8,}")
IN_ADDRESS = re.compile(r"bot\d+:[\w-]+")
IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b")
PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):[^/\s]+@")
SETTING = re.compile(r"(?i)\b(password|passwd|secret|token)(\s*=\s*)(?!\*)[^\s\"']+")
HIDDEN = (
    (IN_ADDRESS, "bot***"),
    (TOKEN, "***"),
    (PASSWORD, r"\1:***@"),
    (SETTING, r"\1\2***"),
    (IBAN, "***"),
)
BARE = re.compile(r"[\w.:/@+*-]+")
USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class LogFormatter(logging.Formatter):
    """Redacts the finished line; an error is its class and where it was raised, never its words."""

    def __init__(self, *secrets: str) -> None:
        super().__init__()
        self.secrets = [secret for secret in secrets if len(secret) >= SECRET]

    def format(self, record: logging.LogRecord) -> str:
        line = " ".join(f"{name}={_quoted(str(value))}" for name, value in _pairs(record))
        for secret in self.secrets:
            line = line.replace(secret, "***")
        for pattern, instead in HIDDEN:
            line = pattern.sub(instead, line)
        return line


class LogLine(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:
        """Reports where a line was lost, without its content; a full disk does not end the bot."""
        with suppress(OSError):
            sys.stderr.write(f'level=error where={record.name} event="A line could not be written"\n')


def _pairs(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    yield "time", f"{at}.{int(record.msecs):03}Z"
    yield "level", record.levelname.lower()
    yield "where", record.name
    yield "event", _event(record)
    yield from ((name, value) for name, value in record.__dict__.items() if name not in USUAL)
    if record.exc_info and record.exc_info[1] is not None:
        errors = list(_chain(record.exc_info[1]))
        yield "error", " < ".join(map(_named, errors))
        yield "trace", " | ".join(filter(None, map(_trace, errors)))


def _event(record: logging.LogRecord) -> str:
    """The first line only of asyncio's events: the others show a task and its error's text."""
    said = record.getMessage()
    return said.partition("\n")[0] if record.name == "asyncio" else said


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, then its causes."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _named(error: BaseException) -> str:
    inner = f"({', '.join(map(_named, error.exceptions))})" if isinstance(error, BaseExceptionGroup) else ""
    return type(error).__name__ + inner


def _trace(error: BaseException) -> str:
    frames = list(traceback.walk_tb(error.__traceback__))[-FRAMES:]
    return " > ".join(f"{_file(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}" for frame, line in frames)


def _file(name: str) -> str:
    return "/".join(Path(name).parts[-2:])


def _quoted(text: str) -> str:
    if BARE.fullmatch(text):
        return text
    told = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{told}"'


def set_up(level: str, *secrets: str) -> None:
    """Installs one handler on the root logger. Libraries log from WARNING on: their debug lines hold values of
    statements. Uncaught exceptions are logged as lines, too."""
    handler = LogLine(sys.stderr)
    handler.setFormatter(LogFormatter(*secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    root.setLevel(max(root.level, logging.WARNING))
    sys.excepthook = _uncaught


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("bot").critical("The process ends", exc_info=(kind, error, trace))
