"""Environment variables and the command line."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS, build_parser
from bot.settings import EXPECTED, BadSetting, read_settings
from tests.architecture.source import ROOT

DEFAULTS = {
    "BOT_TOKEN": "",
    "BOT_TOKENS": "()",
    "BOT_API_URL": "https://api.telegram.org",
    "DATABASE_URL": "sqlite:///pouce.db",
    "ADMIN_IDS": "()",
    "CURRENCY": "EUR",
    "PLATFORM_FEE_PERCENT": "10",
    "WAGE_FLOOR_PER_HOUR": "None",
    "WAGE_FLOOR_COUNTRY": "FR",
    "OPEN_REQUESTERS": "False",
    "WEBHOOK_URL": "",
    "WEBHOOK_SECRET": "",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_PORT": "8080",
    "PUBLIC_URL": "",
    "SECRETS_KEY": "",
    "PRIVATE_DESTINATIONS": "False",
    "APPROVE_FIRST": "True",
    "PAYMENT_PROVIDER_TOKEN": "",
    "DEFAULT_LANGUAGE": "en",
    "LOG_LEVEL": "INFO",
}
MALFORMED = {
    "BOT_TOKEN": "a b",
    "BOT_TOKENS": "first=1:a",
    "BOT_API_URL": "nowhere",
    "DATABASE_URL": "mysql://x",
    "ADMIN_IDS": "anna",
    "CURRENCY": "XXX",
    "PAYMENT_PROVIDER_TOKEN": "a b",
    "PLATFORM_FEE_PERCENT": "ten",
    "WAGE_FLOOR_PER_HOUR": "-1",
    "WAGE_FLOOR_COUNTRY": "XX",
    "OPEN_REQUESTERS": "perhaps",
    "WEBHOOK_URL": "nowhere",
    "WEBHOOK_SECRET": "a b",
    "HTTP_HOST": "a b",
    "HTTP_PORT": "0",
    "PUBLIC_URL": "http://example.org",
    "SECRETS_KEY": "short",
    "PRIVATE_DESTINATIONS": "perhaps",
    "APPROVE_FIRST": "perhaps",
    "DEFAULT_LANGUAGE": "xx",
    "LOG_LEVEL": "LOUD",
}
TYPED = {
    "demo": ["demo", "--headless"],
    "run": ["run"],
    "migrate": ["migrate"],
    "verify": ["verify"],
    "ledger": ["ledger", "external:bank", "--json"],
    "routes": ["routes"],
    "backup": ["backup", "FILE"],
    "restore": ["restore", "FILE"],
}
TARGETS = ("setup", "demo", "run", "test", "lint", "check", "bench")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in EXPECTED:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_every_variable_has_its_default() -> None:
    settings = read_settings()
    assert {name: str(getattr(settings, name.lower())) for name in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_variable_is_one_line_with_what_was_expected(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MALFORMED.keys() == DEFAULTS.keys()
    monkeypatch.setenv(name, MALFORMED[name])
    with pytest.raises(BadSetting) as refused:
        read_settings(needs_token=True)
    assert re.fullmatch(rf"{name}: expected \S.+", str(refused.value))


def test_the_token_alone_has_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSetting, match=r"^BOT_TOKEN: expected .+$"):
        read_settings(needs_token=True)
    monkeypatch.setenv("BOT_TOKEN", "1:a")
    assert read_settings(needs_token=True).bot_token == "1:a"


@pytest.mark.parametrize("command", TYPED)
def test_every_command_is_read_as_it_is_typed(command: str) -> None:
    assert build_parser().parse_args(TYPED[command]).command == command
    assert command in COMMANDS


def test_the_program_and_its_make_targets_have_their_names() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert told["project"]["scripts"]["pouce"] == "bot.__main__:main"
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in TARGETS if name not in targets] == []


def test_setup_compiles_every_package_for_users_who_may_not_write() -> None:
    """A third of a start's CPU went there under systemd."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    compiled = re.search(r"compileall -q (.+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert compiled is not None
    assert compiled[1].split() == sorted(tools["importlinter"]["root_packages"])
