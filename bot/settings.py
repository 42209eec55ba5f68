"""The settings: environment variables, read once into one frozen model. A malformed one stops the start with one
line."""

import os
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import NoDecode, SettingsConfigDict

from bot import operator_settings
from bot import setting_values as read
from bot.operator_settings import OperatorSettings, upper
from bot.transport_kinds import KINDS
from domain.money.wage_floors import COUNTRIES
from locales import LANGUAGES
from services.encryption import SHORTEST
from storage.drivers.dialects import EXPECTED as DATABASES
from storage.drivers.dialects import password_in

# The expected value of each variable. The value found is never shown: some are secrets.
EXPECTED = {
    "bot_token": "the token @BotFather gave, such as 123456:ABC-DEF",
    "bot_api_url": "an http or https address such as https://api.telegram.org",
    "bot_transport": f"{' or '.join(KINDS)}",
    "database_url": DATABASES,
    "admin_ids": "Telegram ids separated by commas, such as 1234,5678",
    "currency": "the ISO 4217 code of a currency that has hundredths and that people pay with today, such as EUR",
    "platform_fee_percent": "a number from 0 to 100",
    "wage_floor_per_hour": "an amount of money from 0 on, such as 13.13",
    "wage_floor_country": f"{' or '.join(COUNTRIES)}, with that country's CURRENCY; else set WAGE_FLOOR_PER_HOUR",
    "open_requesters": "true or false",
    "approve_first": "true or false",
    "private_destinations": "true or false",
    "webhook_url": "an https (or http) address, or nothing for long polling",
    "webhook_secret": "1 to 256 of A-Z a-z 0-9 _ -, or nothing",
    "http_host": "an address to listen on, such as 127.0.0.1",
    "http_port": "a port from 1 to 65535",
    "public_url": "an https address (http only on this machine, beside a BOT_API_URL on this machine), or nothing",
    "secrets_key": f"{SHORTEST} random characters or more, several keys separated by commas, or nothing",
    "metrics_token": "16 to 256 of A-Z a-z 0-9 . _ ~ + / = -, or nothing",
    "hf_endpoint": "an http or https address such as https://huggingface.co",
    "timestamp_url": "an http or https address such as https://freetsa.org/tsr, or nothing",
    "timestamp_ca": "a file with certificates (PEM), or nothing",
    "payer_name": "1 to 70 characters: whose bank account pays, or nothing",
    "payer_iban": "a valid IBAN, or nothing",
    "payer_bic": "a BIC of 8 or 11 characters, or nothing",
    "payout_instant": "true or false",
    **operator_settings.EXPECTED,
    "default_language": f"one of {', '.join(sorted(LANGUAGES))}",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
}


ENV_FILE, ENCODING = ".env", "utf-8"
ALIKE = 0.85  # of two names, as difflib measures it: ADMIN_ID is 0.94 to ADMIN_IDS, HTTP_PROXY 0.74 to HTTP_PORT


class BadSetting(Exception):
    """A missing or malformed variable: one line with its name and the expected value. It stays so until somebody mends
    it."""


class NotReady(BadSetting):
    """The variable is well formed, and what it names is not ready; a later start may succeed."""


class Settings(OperatorSettings):
    """Names are the variables' in lower case; `.env` in the working directory is read too, the environment wins."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding=ENCODING, env_ignore_empty=True, extra="ignore", frozen=True
    )

    bot_token: Annotated[str, Field(pattern=r"^([0-9]+:[A-Za-z0-9_-]+)?$")] = ""
    bot_api_url: Annotated[str, AfterValidator(read.address)] = "https://api.telegram.org"
    bot_transport: Annotated[str, Field(pattern=f"^({'|'.join(KINDS)})$")] = KINDS[0]
    database_url: Annotated[str, AfterValidator(read.database)] = "sqlite:///pouce.db"
    admin_ids: Annotated[
        tuple[Annotated[int, Field(gt=0, le=read.MOST_ID)], ...], NoDecode, BeforeValidator(read.ids)
    ] = ()
    currency: Annotated[str, BeforeValidator(upper), AfterValidator(read.currency)] = "EUR"
    platform_fee_percent: Annotated[Decimal, Field(ge=0, le=100)] = Decimal("10")
    wage_floor_per_hour: Annotated[Decimal, Field(ge=0, le=1_000_000)] | None = None
    wage_floor_country: Annotated[str, BeforeValidator(upper), AfterValidator(read.country)] = "FR"
    open_requesters: bool = False
    approve_first: bool = True
    private_destinations: bool = False
    webhook_url: Annotated[str, AfterValidator(read.address)] = ""
    webhook_secret: Annotated[str, Field(max_length=256, pattern=r"^[A-Za-z0-9_-]*$")] = ""
    http_host: Annotated[str, AfterValidator(read.host)] = "127.0.0.1"
    http_port: Annotated[int, Field(ge=1, le=65535)] = 8080
    public_url: Annotated[str, AfterValidator(read.https)] = ""
    secrets_key: Annotated[str, AfterValidator(read.keys)] = ""
    metrics_token: Annotated[str, Field(pattern=r"^([A-Za-z0-9._~+/=-]{16,256})?$")] = ""
    hf_endpoint: Annotated[str, AfterValidator(read.address)] = "https://huggingface.co"
    timestamp_url: Annotated[str, AfterValidator(read.address)] = ""
    timestamp_ca: Annotated[str, AfterValidator(read.certificates)] = ""
    payer_name: Annotated[str, Field(max_length=70)] = ""
    payer_iban: Annotated[str, AfterValidator(read.iban)] = ""
    payer_bic: Annotated[str, AfterValidator(read.bic)] = ""
    payout_instant: bool = False
    default_language: Annotated[str, Field(pattern=f"^({'|'.join(LANGUAGES)})$")] = "en"
    log_level: Annotated[str, BeforeValidator(upper), Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"

    @property
    def wage_floor(self) -> Decimal:
        """An hour, in CURRENCY."""
        given = self.wage_floor_per_hour
        return COUNTRIES[self.wage_floor_country].floor if given is None else given

    @property
    def floor_since(self) -> date | None:
        """The day of the table's row that the floor is from; None where the operator set it."""
        return COUNTRIES[self.wage_floor_country].since if self.wage_floor_per_hour is None else None

    @property
    def has_foreign_floor(self) -> bool:
        """Whether the floor would be that of a country with another currency, which was asked for."""
        asked = "wage_floor_country" in self.model_fields_set and self.wage_floor_per_hour is None
        return asked and COUNTRIES[self.wage_floor_country].currency != self.currency

    @property
    def secrets_keys(self) -> tuple[str, ...]:
        """The newest first."""
        return read.parts(self.secrets_key)

    @property
    def database_password(self) -> str:
        return password_in(self.database_url)

    @property
    def http_is_local(self) -> bool:
        """Whether only this machine can reach the HTTP door."""
        return read.is_loopback(self.http_host)

    @property
    def api_url(self) -> str:
        """Where programs ask; empty where the HTTP door stays shut."""
        return f"{self.outside or self.here}/api/v1" if self.needs_http else ""

    @property
    def here(self) -> str:
        """The HTTP door as this machine's programs reach it, also where it listens on all addresses."""
        host = self.http_host if self.http_host.strip("0.:") else "127.0.0.1"
        return f"http://{read.in_address(host)}:{self.http_port}"

    @property
    def outside(self) -> str:
        """PUBLIC_URL, else the origin of WEBHOOK_URL."""
        webhook = urlsplit(self.webhook_url)
        return self.public_url or (f"{webhook.scheme}://{webhook.netloc}" if webhook.netloc else "")

    @property
    def page_origin(self) -> str:
        """The https address of the Mini App's pages, or an http address of this machine where the Bot API server is on
        this machine, too; empty where Telegram would refuse the address in a button."""
        try:
            origin = read.https(self.outside)
        except ValueError:
            return ""
        return "" if self._is_refused_by_telegram(origin) else origin

    @property
    def has_unusable_public_url(self) -> bool:
        """Whether PUBLIC_URL is an address that Telegram refuses in a button."""
        return self._is_refused_by_telegram(self.public_url)

    def _is_refused_by_telegram(self, origin: str) -> bool:
        """Return whether `origin` is http while the Bot API server is another machine."""
        return origin.startswith("http:") and not read.is_loopback(urlsplit(self.bot_api_url).hostname or "")

    @property
    def needs_http(self) -> bool:
        """Webhook, health, metrics, API: opened where Telegram or programs reach it, or a port is asked for."""
        return bool(self.webhook_url or self.public_url) or "http_port" in self.model_fields_set


def read_settings(needs_token: bool = False, **overrides: Any) -> Settings:
    """Raises BadSetting, whose text is the line to show."""
    try:
        settings = Settings(**overrides)
    except (UnicodeDecodeError, OSError):
        raise BadSetting(f"{ENV_FILE}: expected a file in UTF-8 that can be read") from None
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]).lower()
        raise BadSetting(_line(name)) from None
    if settings.has_unusable_public_url:
        raise BadSetting(_line("public_url"))
    if settings.has_foreign_floor:
        raise BadSetting(_line("wage_floor_country"))
    if settings.is_invoice_incomplete:
        raise BadSetting(_line("vat_rule"))
    if needs_token and not settings.bot_token:
        raise BadSetting(_line("bot_token"))
    return settings


def misspelt() -> dict[str, str]:
    """Names in the environment and in `.env` that nothing reads, each with the variable that it resembles."""
    known = [name.upper() for name in EXPECTED]
    given = {name.upper() for name in (*os.environ, *dotenv_values(ENV_FILE, encoding=ENCODING))}
    close = {name: get_close_matches(name, known, 1, ALIKE) for name in sorted(given.difference(known))}
    return {name: found[0] for name, found in close.items() if found}


def _line(name: str) -> str:
    return f"{name.upper()}: expected {EXPECTED[name]}"
