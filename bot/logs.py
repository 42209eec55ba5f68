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

LOGGED_PACKAGES = (
    "bot",
    "handlers",
    "web",
    "jobs",
    "services",
    "domain",
    "storage",
    "formats",
    "reports",
    "locales",
    "simulator",
)
MIN_SECRET_CHARS = 4  # characters from which a secret is redacted: shorter ones could be words
MAX_FRAMES = 12  # of an error that are logged, the innermost last
TOKEN_PATTERN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{8,}")
TOKEN_IN_ADDRESS = re.compile(r"bot\d+:[\w-]+")
IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b")
PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):[^/\s]+@")
SETTING = re.compile(r"(?i)\b(password|passwd|secret|token)(\s*=\s*)(?!\*)[^\s\"']+")
REDACTIONS = (
    (TOKEN_IN_ADDRESS, "bot***"),
    (TOKEN_PATTERN, "***"),
    (PASSWORD, r"\1:***@"),
    (SETTING, r"\1\2***"),
    (IBAN, "***"),
)
BARE_VALUE = re.compile(r"[\w.:/@+*-]+")
STANDARD_FIELDS = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class LogFormatter(logging.Formatter):
    """Writes a line and redacts it; an error is its class and where it was raised, never its text."""

    def __init__(self, *secrets: str) -> None:
        super().__init__()
        self.secrets = [secret for secret in secrets if len(secret) >= MIN_SECRET_CHARS]

    def format(self, record: logging.LogRecord) -> str:
        line = " ".join(f"{name}={_quoted(str(value))}" for name, value in _pairs(record))
        for secret in self.secrets:
            line = line.replace(secret, "***")
        for pattern, replacement in REDACTIONS:
            line = pattern.sub(replacement, line)
        return line


class LogHandler(logging.StreamHandler[TextIO]):
    """A handler that never ends the bot."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Report where a line was lost, without its content; a full disk does not end the bot."""
        with suppress(OSError):
            sys.stderr.write(f'level=error where={record.name} event="A line could not be written"\n')


def _pairs(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    timestamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    yield "time", f"{timestamp}.{int(record.msecs):03}Z"
    yield "level", record.levelname.lower()
    yield "where", record.name
    yield "event", _event(record)
    yield from ((name, value) for name, value in record.__dict__.items() if name not in STANDARD_FIELDS)
    if record.exc_info and record.exc_info[1] is not None:
        errors = list(_causes(record.exc_info[1]))
        yield "error", " < ".join(map(_error_name, errors))
        yield "trace", " | ".join(filter(None, map(_trace, errors)))


def _event(record: logging.LogRecord) -> str:
    """The event's text, of asyncio's the first line only: the others show a task and its error's text."""
    text = record.getMessage()
    return text.partition("\n")[0] if record.name == "asyncio" else text


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, then its causes."""
    visited_ids: set[int] = set()
    while error is not None and id(error) not in visited_ids:
        visited_ids.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _error_name(error: BaseException) -> str:
    inner = f"({', '.join(map(_error_name, error.exceptions))})" if isinstance(error, BaseExceptionGroup) else ""
    return type(error).__name__ + inner


def _trace(error: BaseException) -> str:
    frames = list(traceback.walk_tb(error.__traceback__))[-MAX_FRAMES:]
    return " > ".join(
        f"{_short_path(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}" for frame, line in frames
    )


def _short_path(name: str) -> str:
    return "/".join(Path(name).parts[-2:])


def _quoted(text: str) -> str:
    if BARE_VALUE.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def set_up_logging(level: str, *secrets: str) -> None:
    """Install one handler on the root logger. Libraries log from WARNING on: their debug lines hold values of
    statements. Uncaught exceptions are logged as lines, too."""
    handler = LogHandler(sys.stderr)
    handler.setFormatter(LogFormatter(*secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in LOGGED_PACKAGES:
        logging.getLogger(name).setLevel(level)
    root.setLevel(max(root.level, logging.WARNING))
    sys.excepthook = _log_uncaught


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("bot").critical("The process ends", exc_info=(kind, error, trace))
