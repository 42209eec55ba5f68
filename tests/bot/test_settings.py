"""The environment is read once; a malformed variable is one line."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from bot.settings import EXPECTED, BadSetting, Settings, misspelt_variables, read_settings
from domain.money.pricing import COUNTRIES

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in EXPECTED:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults_are_those_of_the_manual():
    settings = read_settings()
    assert settings.bot_api_url == "https://api.telegram.org"
    assert settings.database_url == "sqlite:///pouce.db"
    assert (settings.currency, settings.platform_fee_percent) == ("EUR", Decimal(10))
    assert (settings.wage_floor_country, settings.wage_floor) == ("FR", Decimal("13.13"))
    assert (settings.http_host, settings.http_port, settings.needs_http) == ("127.0.0.1", 8080, False)
    assert (settings.open_requesters, settings.approve_first) == (False, True)
    assert (settings.default_language, settings.log_level, settings.admin_ids) == ("en", "INFO", ())


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.1", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.7", False),
        ("bot.example", False),
    ],
)
def test_a_door_is_local_on_a_loopback_address_alone(host, is_local):
    assert read_settings(http_host=host).http_is_local == is_local


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", "http://127.0.0.1:9000"),
        ("::1", "http://[::1]:9000"),
        ("2001:db8::1", "http://[2001:db8::1]:9000"),
        ("::", "http://127.0.0.1:9000"),
        ("0.0.0.0", "http://127.0.0.1:9000"),
        ("bot.example", "http://bot.example:9000"),
    ],
)
def test_the_address_that_a_key_comes_with_can_be_called(host, here):
    assert read_settings(http_host=host, http_port=9000).api_url == f"{here}/api/v1"


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("BOT_TOKEN", "12345:abc_DEF-1", "12345:abc_DEF-1"),
        ("VIES_URL", "https://vies.example/rest", "https://vies.example/rest"),
        ("BOT_API_URL", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("DATABASE_URL", "postgresql://u:p@h/n", "postgresql://u:p@h/n"),
        ("ADMIN_IDS", "12, 34,", (12, 34)),
        ("CURRENCY", "usd", "USD"),
        ("PLATFORM_FEE_PERCENT", "7.5", Decimal("7.5")),
        ("WAGE_FLOOR_PER_HOUR", "0", Decimal(0)),
        ("WAGE_FLOOR_COUNTRY", "de", "DE"),
        ("OPEN_REQUESTERS", "true", True),
        ("APPROVE_FIRST", "false", False),
        ("WEBHOOK_URL", "https://bot.example/hook", "https://bot.example/hook"),
        ("WEBHOOK_SECRET", "abc-DEF_1", "abc-DEF_1"),
        ("HTTP_HOST", "0.0.0.0", "0.0.0.0"),
        ("HTTP_PORT", "9000", 9000),
        ("PUBLIC_URL", "https://bot.example/", "https://bot.example"),
        ("METRICS_TOKEN", "0123456789abcdef", "0123456789abcdef"),
        ("PAYER_NAME", "Pouce & Cie", "Pouce & Cie"),
        ("PAYER_IBAN", "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("PAYER_BIC", "agrifrpp", "AGRIFRPP"),
        ("DEFAULT_LANGUAGE", "fr", "fr"),
        ("LOG_LEVEL", "debug", "DEBUG"),
    ],
)
def test_each_variable_is_read(name, value, read, monkeypatch):
    monkeypatch.setenv(name, value)
    assert getattr(read_settings(), name.lower()) == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "no token"),
        ("BOT_API_URL", "ftp://here"),
        ("BOT_API_URL", "http://here:port"),
        ("BOT_API_URL", "http://here:99999"),
        ("BOT_API_URL", "http://he re"),
        ("BOT_API_URL", "http://[::1"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "postgresql://u:canary%zz@h/n"),
        ("DATABASE_URL", "postgresql://u:p@canary@h/n"),
        ("DATABASE_URL", "postgresql://u:p/canary@h/n"),
        ("DATABASE_URL", "postgresql://u:p@h/n?sslmod=require"),
        ("ADMIN_IDS", "12,anna"),
        ("ADMIN_IDS", "9007199254740993"),
        ("CURRENCY", "euro"),
        ("CURRENCY", "XXX"),
        ("CURRENCY", "XAU"),
        ("CURRENCY", "FRF"),
        ("CURRENCY", "JPY"),
        ("CURRENCY", "TND"),
        ("PLATFORM_FEE_PERCENT", "-1"),
        ("WAGE_FLOOR_PER_HOUR", "plenty"),
        ("WAGE_FLOOR_COUNTRY", "XX"),
        ("OPEN_REQUESTERS", "perhaps"),
        ("APPROVE_FIRST", "perhaps"),
        ("WEBHOOK_URL", "bot.example"),
        ("WEBHOOK_URL", "https://bot.example/a hook"),
        ("WEBHOOK_SECRET", "with blanks"),
        ("HTTP_PORT", "70000"),
        ("HTTP_HOST", "no host"),
        ("HTTP_HOST", "999.1.1.1"),
        ("TIMESTAMP_CA", "/nowhere/root.pem"),
        ("PUBLIC_URL", "http://bot.example"),
        ("PUBLIC_URL", "http://192.0.2.7"),
        ("PUBLIC_URL", "http://127.0.0.1:8080"),
        ("PUBLIC_URL", "http://localhost:1"),
        ("PUBLIC_URL", "https://bot.example?from=here"),
        ("PUBLIC_URL", "https://bot.example/#here"),
        ("PAYER_IBAN", "FR7630006000011234567890188"),
        ("PAYER_BIC", "BANK"),
        ("DEFAULT_LANGUAGE", "xx"),
        ("BOT_TRANSPORT", "http2"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_what_is_malformed_is_named_with_what_was_expected(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as caught:
        read_settings()
    line = str(caught.value)
    assert line == f"{name}: expected {EXPECTED[name.lower()]}"
    assert value not in line


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:1"])
def test_pages_need_https_unless_telegram_is_on_this_machine_as_well(url, monkeypatch):
    """Telegram refuses a button that opens an http address, and with it every task that is answered on a page."""
    monkeypatch.setenv("WEBHOOK_URL", url)
    assert read_settings().page_origin == ""
    monkeypatch.setenv("PUBLIC_URL", url)
    with pytest.raises(BadSetting, match="PUBLIC_URL: expected an https address"):
        read_settings()
    monkeypatch.setenv("BOT_API_URL", "http://127.0.0.1:8300")
    assert read_settings().page_origin == url


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("sqlite:///x@y.db", ""),
        ("postgresql:///n", ""),
        ("postgresql://u@/n?host=/run/postgresql", ""),
        ("postgresql://u:hun%40ter2@h/n", "hun@ter2"),
        ("postgresql://u:hun#ter?2@h/n", "hun#ter?2"),
        ("postgresql:///n?password=hun@ter2", "hun@ter2"),
    ],
)
def test_the_password_that_logs_leave_out_is_the_one_the_driver_reads(url, password, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    assert read_settings().database_password == password


def test_the_floor_is_the_countrys_or_what_is_given(monkeypatch):
    monkeypatch.setenv("CURRENCY", "GBP")
    monkeypatch.setenv("WAGE_FLOOR_COUNTRY", "GB")
    assert read_settings().wage_floor == COUNTRIES["GB"].floor
    for given in ("0", "20"):
        monkeypatch.setenv("WAGE_FLOOR_PER_HOUR", given)
        assert read_settings().wage_floor == Decimal(given)
    monkeypatch.setenv("CURRENCY", "EUR")  # the figure that is given needs no table
    assert read_settings().wage_floor == 20
    monkeypatch.delenv("WAGE_FLOOR_PER_HOUR")
    with pytest.raises(BadSetting, match=r"^WAGE_FLOOR_COUNTRY: "):
        read_settings()


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("CURRENCY=USD\nLOG_LEVEL=ERROR\n")
    monkeypatch.setenv("CURRENCY", "CHF")
    settings = read_settings()
    assert (settings.currency, settings.log_level) == ("CHF", "ERROR")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / ".env").write_bytes("PAYER_NAME=Société".encode("cp1252"))
    with pytest.raises(BadSetting, match=r"^\.env: expected a file in UTF-8 that can be read$"):
        read_settings()


def test_empty_is_as_good_as_absent(monkeypatch):
    monkeypatch.setenv("HTTP_PORT", "")
    assert not read_settings().needs_http


def test_the_example_lists_every_variable_with_its_default():
    listed = dict(line.removeprefix("# ").split("=", 1) for line in EXAMPLE.read_text().splitlines() if "=" in line)
    of_compose = ["POSTGRES_PASSWORD"]
    assert sorted(listed) == sorted([*(name.upper() for name in Settings.model_fields), *of_compose])
    for name, field in Settings.model_fields.items():
        default = (
            ""
            if field.default in ((), None)
            else str(field.default).lower()
            if field.default in (True, False)
            else str(field.default)
        )
        assert listed[name.upper()] == default


def test_a_start_without_a_token_ends_with_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(EXAMPLE.parent), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 78
    assert done.stderr == f"BOT_TOKEN: expected {EXPECTED['bot_token']}\n"


ORDINARY = (
    *("PATH", "HOME", "USER", "LOGNAME", "HOSTNAME", "SHELL", "TERM", "LANG", "LANGUAGE", "LC_ALL", "TZ", "PWD"),
    *("EDITOR", "MAIL", "TMPDIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "DATABASE_HOST", "DB_URL"),
    *("POSTGRES_PASSWORD", "PGPASSWORD", "HF_TOKEN", "HF_HOME", "GITHUB_TOKEN", "LOG_FILE", "PYTHONPATH"),
    *("INVOCATION_ID", "JOURNAL_STREAM", "NOTIFY_SOCKET", "STATE_DIRECTORY", "KUBERNETES_SERVICE_HOST"),
    *("KUBERNETES_PORT", "SSL_CERT_FILE", "MPLCONFIGDIR", "PORT", "HOST", "COMPOSE_PROJECT_NAME", "POUCE_API_KEY"),
    *("SECRET_KEY_BASE", "DEBUG", "CI", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "OPERATOR"),
)


def test_a_name_that_resembles_a_variable_is_found_and_ordinary_ones_are_not(monkeypatch, tmp_path):
    for name in ORDINARY:
        monkeypatch.setenv(name, "x")
    assert misspelt_variables() == {}
    monkeypatch.setenv("admin_id", "5")
    (tmp_path / ".env").write_text("WEBHOOK_SECRETS=a-secret\nCURENCY=EUR\nPUBLIC_URL=\nPOSTGRES_PASSWORD=x\n")
    assert misspelt_variables() == {"ADMIN_ID": "ADMIN_IDS", "CURENCY": "CURRENCY", "WEBHOOK_SECRETS": "WEBHOOK_SECRET"}


def test_the_example_file_holds_no_name_that_resembles_another(tmp_path):
    (tmp_path / ".env").write_text(EXAMPLE.read_text(encoding="utf-8").replace("\n# ", "\n"), encoding="utf-8")
    assert misspelt_variables() == {}
