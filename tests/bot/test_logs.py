"""A canary sings: no token, text or IBAN reaches a log line."""

import logging

import pytest

from bot import logs

TOKEN = "987654321:AAcanaryCANARYcanary_canary-canary12"
IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.fixture
def root():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def test_secrets_do_not_sing(capsys, root):
    logs.set_up("INFO", TOKEN, "s3cret-of-hook")
    log = logging.getLogger("canary")
    log.info("POST https://api.telegram.org/bot%s/sendMessage", TOKEN)
    log.info("another bot's: 123456789:BBcanaryCANARY; hook s3cret-of-hook")
    log.info("pay to %s or %s", IBAN, IBAN.replace(" ", ""))
    log.info("postgresql://pouce:hunter2@db/pouce is away")
    said = " ".join(("I live in canary", "street"))
    try:
        try:
            raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except ValueError as inner:
            raise RuntimeError(said) from inner
    except RuntimeError as error:
        log.error("Failed", exc_info=error)
    line = capsys.readouterr().err
    for secret in (TOKEN, TOKEN.split(":")[1], "BBcanary", "s3cret", "DE89", "0532", "hunter2", "canary street"):
        assert secret not in line
    assert "RuntimeError" in line
    assert "ValueError" in line
    assert "test_logs.py" in line


def test_what_is_no_secret_is_left_alone(capsys, root):
    logs.set_up("INFO")
    logging.getLogger("x").info("Update 100000001: done at 2027-01-15 08:00:00, listening on 127.0.0.1:8080")
    assert "Update 100000001: done at 2027-01-15 08:00:00, listening on 127.0.0.1:8080" in capsys.readouterr().err


def test_libraries_that_log_addresses_are_quiet(root):
    logs.set_up("DEBUG")
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("aiohttp.access").isEnabledFor(logging.INFO)
