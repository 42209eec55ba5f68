"""The settings: environment variables, read once into one frozen model. A malformed one stops the start with one
line. Functions named `check_…` return the value or raise ValueError."""

import logging
import os
import re
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from babel.core import get_global
from babel.numbers import get_territory_currencies
from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from stdnum import bic as codes

from domain.answers import kind_of
from domain.extensions import load_parts
from domain.handing_in import Wants
from domain.moments import as_datetime
from domain.money.operator import FRANCE, FRANCHISE_REGIME, FRENCH_VAT, Operator
from domain.money.pricing import COUNTRIES, is_floor_outdated
from domain.people.bots import FIRST_BOT_NAME, MAX_BOTS
from domain.people.settings import find_zone
from formats.bank.iban import SEPA_COUNTRIES, IbanProblem, read_iban
from locales import countries
from locales.countries import get_currency
from locales.languages import LANGUAGES
from services import act
from services.act import MIN_KEY_CHARS, House
from storage.drivers.dialects import EXPECTED as DATABASES
from storage.drivers.dialects import dialect_of, password_in
from storage.unit import UnitOfWork

OPERATOR_EXPECTED = {
    "operator_name": "1 to 200 characters: who runs this, as registered, or nothing",
    "operator_country": "a country's two letters such as FR, or nothing",
    "operator_tax_number": "the operator's tax number (SIREN in France), or nothing",
    "operator_vat": "the operator's VAT number, or nothing",
    "operator_street": "street and number, or nothing",
    "operator_postcode": "a postcode, or nothing",
    "operator_town": "a town, or nothing",
    "operator_legal_form": "a company's legal form such as SAS, or nothing",
    "operator_capital": "a company's share capital with its currency, such as 10 000 €, or nothing",
    "operator_rcs": "the town whose register (RCS) a company is in, or nothing",
    "operator_zone": "a time zone such as Europe/Paris",
    "contributions": f"{FRANCE}, or nothing",
    "payout_wise": "countries outside SEPA by two letters, separated by commas, such as SN,KE; or nothing",
    "payout_wise_least": "an amount of money from 0 on, in whole cents, such as 5",
    "vies_url": "the https address of VIES's REST service, or nothing",
    "vat_rule": f"{FRENCH_VAT} or {FRANCHISE_REGIME}, with OPERATOR_… in France (name, SIREN, an address with VAT"
    f"; for {FRENCH_VAT} the VAT number); or nothing",
}


def to_upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _check_territory(value: str) -> str:
    if value and value not in countries.country_codes():
        raise ValueError
    return value


def _check_zone(value: str) -> str:
    if find_zone(value) is None:
        raise ValueError
    return value


def _parse_payout_countries(value: Any) -> Any:
    """Return the country codes of a list, upper case, without repetitions. Raise ValueError if one is unknown, of
    SEPA (paid by bank transfer), or has no currency that arrives there."""
    if not isinstance(value, str):
        return value
    codes = tuple(dict.fromkeys(part.strip().upper() for part in value.split(",") if part.strip()))
    if any(code not in countries.country_codes() or code in SEPA_COUNTRIES or not get_currency(code) for code in codes):
        raise ValueError
    return codes


class OperatorSettings(BaseSettings):
    operator_name: Annotated[str, Field(max_length=200)] = ""
    operator_country: Annotated[str, BeforeValidator(to_upper), AfterValidator(_check_territory)] = ""
    operator_tax_number: Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9 .-]*$")] = ""
    operator_vat: Annotated[str, Field(max_length=40)] = ""
    operator_street: Annotated[str, Field(max_length=200)] = ""
    operator_postcode: Annotated[str, Field(max_length=40)] = ""
    operator_town: Annotated[str, Field(max_length=200)] = ""
    operator_legal_form: Annotated[str, Field(max_length=80)] = ""
    operator_capital: Annotated[str, Field(max_length=40, pattern=r"^([0-9].*)?$")] = ""
    operator_rcs: Annotated[str, Field(max_length=80)] = ""
    operator_zone: Annotated[str, AfterValidator(_check_zone)] = "UTC"
    contributions: Annotated[str, BeforeValidator(to_upper), Field(pattern=f"^({FRANCE})?$")] = ""
    payout_wise: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parse_payout_countries)] = ()
    payout_wise_least: Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)] = Decimal(5)
    vies_url: Annotated[str, Field(pattern=r"^(https?://[^\s?#]+)?$", max_length=500)] = ""
    vat_rule: Annotated[str, BeforeValidator(to_upper), Field(pattern=f"^({FRENCH_VAT}|{FRANCHISE_REGIME})?$")] = ""

    @property
    def operator(self) -> Operator:
        return Operator(
            name=self.operator_name,
            country=self.operator_country,
            tax_number="".join(self.operator_tax_number.split()),
            vat="".join(self.operator_vat.split()),
            street=self.operator_street,
            postcode=self.operator_postcode,
            town=self.operator_town,
            zone=self.operator_zone,
            legal_form=self.operator_legal_form,
            capital=self.operator_capital,
            rcs=self.operator_rcs,
        )


MAX_TELEGRAM_ID = 2**52 - 1  # Telegram's ids have at most 52 bits
# By ISO 4217: no minor unit, or thousandths.
_WITHOUT_HUNDREDTHS = re.compile(
    "BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|XAF|XOF|XPF|BHD|IQD|JOD|KWD|LYD|OMR|TND"
)
_BLANK = re.compile(r"\s")
_HOST_NAME = re.compile(r"(?!-)(?=.*[A-Za-z])[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?")  # of a host


def split_ids(value: Any) -> Any:
    return split_by_commas(value) if isinstance(value, str) else value


def check_address(value: str) -> str:
    url = urlsplit(value)
    if value and (url.scheme not in ("http", "https") or not url.hostname or _BLANK.search(value)):
        raise ValueError
    if url.port == 0:  # asking for one that is no port raises ValueError, too
        raise ValueError
    return value.rstrip("/")


def check_https(value: str) -> str:
    """Return an address that others reach; raise ValueError unless it is https, or http of this machine, and has no
    query: paths are put behind it."""
    if "?" in value or "#" in value:
        raise ValueError
    if value and urlsplit(check_address(value)).scheme == "http" and not is_loopback(urlsplit(value).hostname or ""):
        raise ValueError
    return check_address(value)


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def check_database_url(value: str) -> str:
    dialect_of(value)
    return value


def check_currency(value: str) -> str:
    """Return the code of a currency that is legal tender today and has hundredths (a payout is in whole ones). Raise
    ValueError for metals, units of account, test codes and ended currencies."""
    if _WITHOUT_HUNDREDTHS.fullmatch(value) or not any(
        value in get_territory_currencies(territory) for territory in get_global("territory_currencies")
    ):
        raise ValueError
    return value


def check_host(value: str) -> str:
    if _HOST_NAME.fullmatch(value) is None:
        ip_address(value)
    return value


def host_in_address(host: str) -> str:
    """The host as a URL has it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def check_certificate_file(value: str) -> str:
    if value and not Path(value).is_file():
        raise ValueError
    return value


def check_country(value: str) -> str:
    if value not in COUNTRIES:
        raise ValueError
    return value


def check_iban(value: str) -> str:
    try:
        return read_iban(value) if value else value
    except IbanProblem:
        raise ValueError from None


def check_bic(value: str) -> str:
    if value and not codes.is_valid(value):
        raise ValueError
    return codes.compact(value)


def check_secret_keys(value: str) -> str:
    if any(len(key) < MIN_KEY_CHARS for key in split_by_commas(value)):
        raise ValueError
    return value


def split_by_commas(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


_NAMED_TOKEN = re.compile(r"([a-z0-9_-]{1,32})=([0-9]+:[A-Za-z0-9_-]+)")


def split_tokens(value: Any) -> Any:
    """Return the (name, token) pairs of BOT_TOKENS; a value that is split already is returned as it is. Raise
    ValueError for another form, or a name that is there twice or the first bot's."""
    if not isinstance(value, str):
        return value
    matches = [_NAMED_TOKEN.fullmatch(part) for part in split_by_commas(value)]
    pairs = tuple((match[1], match[2]) for match in matches if match)
    names = {FIRST_BOT_NAME, *(name for name, _ in pairs)}
    if len(pairs) < len(matches) or len(names) <= len(pairs) or len(pairs) >= MAX_BOTS:
        raise ValueError
    return pairs


MAX_PROJECTS = 1_000  # running projects that are looked at

log = logging.getLogger(__name__)


async def warn_of_missing(house: House) -> None:
    """Log a warning for each setting without which part of the bot does not work."""
    if is_floor_outdated(house.floor_since, as_datetime(house.clock()).date()):
        log.warning("The wage floor may be out of date: set WAGE_FLOOR_PER_HOUR", extra={"since": house.floor_since})
    if not house.encryption:
        log.warning("SECRETS_KEY is not set: no Amazon pairs, no webhooks, no pushes to Hugging Face, no tax forms")
    closed = await house.database.aside(lambda unit: act.count_undecipherable(unit, house.encryption), house.clock())
    if any(closed.values()):
        log.warning("SECRETS_KEY does not open secrets that are stored: they can't be used", extra=closed)
    for part in load_parts("settings"):
        await part.warn_of_missing(house)
    page_projects = 0 if house.pages else await house.database.aside(_count_page_projects, house.clock())
    if page_projects:
        log.warning("PUBLIC_URL is not set: running projects can't be answered", extra={"projects": page_projects})


def _count_page_projects(unit: UnitOfWork) -> int:
    """Return the number of running projects that are answered on a page."""
    return sum(kind_of(project.kind).wants is Wants.PAGE for project in unit.projects.running(MAX_PROJECTS))


KINDS = ("http1", "httpx")


# The expected value of each variable. The value found is never shown: some are secrets.
EXPECTED = {
    "bot_token": "the token @BotFather gave, such as 123456:ABC-DEF",
    "bot_tokens": "further bots as name=token, comma separated, such as blue=123457:ABC-DEF; each name (a-z 0-9 _ -, "
    "not first) and each bot once",
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
    "secrets_key": f"{MIN_KEY_CHARS} random characters or more, several keys separated by commas, or nothing",
    "metrics_token": "16 to 256 of A-Z a-z 0-9 . _ ~ + / = -, or nothing",
    "hf_endpoint": "an http or https address such as https://huggingface.co",
    "timestamp_url": "an http or https address such as https://freetsa.org/tsr, or nothing",
    "timestamp_ca": "a file with certificates (PEM), or nothing",
    "payer_name": "1 to 70 characters: whose bank account pays, or nothing",
    "payer_iban": "a valid IBAN, or nothing",
    "payer_bic": "a BIC of 8 or 11 characters, or nothing",
    "payout_instant": "true or false",
    "payment_provider_token": "the token @BotFather shows after a provider was connected, or nothing",
    "payment_minimum": "an amount of money above 0, in whole cents, such as 1",
    **OPERATOR_EXPECTED,
    "default_language": f"one of {', '.join(sorted(LANGUAGES))}",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
}


ENV_FILE, ENCODING = ".env", "utf-8"
MIN_SIMILARITY = (
    0.85  # of two names, as difflib measures it: ADMIN_ID is 0.94 to ADMIN_IDS, HTTP_PROXY 0.74 to HTTP_PORT
)


class BadSetting(Exception):
    """A missing or malformed variable: its text is one line with the name and the expected value. Another start
    fails alike until somebody repairs it."""


class NotReady(BadSetting):
    """A variable is well formed, and what it names is not ready; a later start may succeed."""


class Settings(OperatorSettings):
    """Settings of the bot. Names are the variables' in lower case; `.env` in the working directory is read too, the
    environment wins."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding=ENCODING, env_ignore_empty=True, extra="ignore", frozen=True
    )

    bot_token: Annotated[str, Field(pattern=r"^([0-9]+:[A-Za-z0-9_-]+)?$")] = ""
    bot_tokens: Annotated[tuple[tuple[str, str], ...], NoDecode, BeforeValidator(split_tokens)] = ()
    bot_api_url: Annotated[str, AfterValidator(check_address)] = "https://api.telegram.org"
    bot_transport: Annotated[str, Field(pattern=f"^({'|'.join(KINDS)})$")] = KINDS[0]
    database_url: Annotated[str, AfterValidator(check_database_url)] = "sqlite:///pouce.db"
    admin_ids: Annotated[
        tuple[Annotated[int, Field(gt=0, le=MAX_TELEGRAM_ID)], ...], NoDecode, BeforeValidator(split_ids)
    ] = ()
    currency: Annotated[str, BeforeValidator(to_upper), AfterValidator(check_currency)] = "EUR"
    platform_fee_percent: Annotated[Decimal, Field(ge=0, le=100)] = Decimal("10")
    wage_floor_per_hour: Annotated[Decimal, Field(ge=0, le=1_000_000)] | None = None
    wage_floor_country: Annotated[str, BeforeValidator(to_upper), AfterValidator(check_country)] = "FR"
    open_requesters: bool = False
    approve_first: bool = True
    private_destinations: bool = False
    webhook_url: Annotated[str, AfterValidator(check_address)] = ""
    webhook_secret: Annotated[str, Field(max_length=256, pattern=r"^[A-Za-z0-9_-]*$")] = ""
    http_host: Annotated[str, AfterValidator(check_host)] = "127.0.0.1"
    http_port: Annotated[int, Field(ge=1, le=65535)] = 8080
    public_url: Annotated[str, AfterValidator(check_https)] = ""
    secrets_key: Annotated[str, AfterValidator(check_secret_keys)] = ""
    metrics_token: Annotated[str, Field(pattern=r"^([A-Za-z0-9._~+/=-]{16,256})?$")] = ""
    hf_endpoint: Annotated[str, AfterValidator(check_address)] = "https://huggingface.co"
    timestamp_url: Annotated[str, AfterValidator(check_address)] = ""
    timestamp_ca: Annotated[str, AfterValidator(check_certificate_file)] = ""
    payer_name: Annotated[str, Field(max_length=70)] = ""
    payer_iban: Annotated[str, AfterValidator(check_iban)] = ""
    payer_bic: Annotated[str, AfterValidator(check_bic)] = ""
    payout_instant: bool = False
    payment_provider_token: Annotated[str, Field(max_length=300, pattern=r"^([!-~]+)?$")] = ""
    payment_minimum: Annotated[Decimal, Field(gt=0, le=100_000, decimal_places=2)] = Decimal(1)
    default_language: Annotated[str, Field(pattern=f"^({'|'.join(LANGUAGES)})$")] = "en"
    log_level: Annotated[str, BeforeValidator(to_upper), Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens of all bots, BOT_TOKEN first."""
        return (self.bot_token, *(token for _, token in self.bot_tokens))

    @property
    def has_bot_twice(self) -> bool:
        """Return whether BOT_TOKEN and BOT_TOKENS name the same bot."""
        bots = [token.partition(":")[0] for token in self.tokens]
        return len(set(bots)) < len(bots)

    @property
    def wage_floor(self) -> Decimal:
        """The wage floor of an hour, in CURRENCY."""
        floor = self.wage_floor_per_hour
        return COUNTRIES[self.wage_floor_country].floor if floor is None else floor

    @property
    def floor_since(self) -> date | None:
        """The day from which the table's floor is valid; None if the operator set the floor."""
        return COUNTRIES[self.wage_floor_country].since if self.wage_floor_per_hour is None else None

    @property
    def has_foreign_floor(self) -> bool:
        """Return whether the floor would be that of a country with another currency, which the operator chose."""
        is_country_set = "wage_floor_country" in self.model_fields_set and self.wage_floor_per_hour is None
        return is_country_set and COUNTRIES[self.wage_floor_country].currency != self.currency

    @property
    def secrets_keys(self) -> tuple[str, ...]:
        """The encryption keys, the newest first."""
        return split_by_commas(self.secrets_key)

    @property
    def database_password(self) -> str:
        return password_in(self.database_url)

    @property
    def http_is_local(self) -> bool:
        """Return whether only this machine can reach the HTTP server."""
        return is_loopback(self.http_host)

    @property
    def api_url(self) -> str:
        """The address of the API for programs; empty where no HTTP server is opened."""
        return f"{self.outside or self.local_url}/api/v1" if self.needs_http else ""

    @property
    def local_url(self) -> str:
        """The HTTP server's address for programs of this machine, also where it listens on all addresses."""
        host = self.http_host if self.http_host.strip("0.:") else "127.0.0.1"
        return f"http://{host_in_address(host)}:{self.http_port}"

    @property
    def outside(self) -> str:
        """The address by which others reach the HTTP server: PUBLIC_URL, else the origin of WEBHOOK_URL."""
        webhook = urlsplit(self.webhook_url)
        return self.public_url or (f"{webhook.scheme}://{webhook.netloc}" if webhook.netloc else "")

    @property
    def page_origin(self) -> str:
        """The https address of the Mini App's pages, or an http address of this machine where the Bot API server is on
        this machine, too; empty where Telegram would refuse the address in a button."""
        try:
            origin = check_https(self.outside)
        except ValueError:
            return ""
        return "" if self._is_refused_by_telegram(origin) else origin

    @property
    def has_unusable_public_url(self) -> bool:
        """Return whether PUBLIC_URL is an address that Telegram refuses in a button."""
        return self._is_refused_by_telegram(self.public_url)

    def _is_refused_by_telegram(self, origin: str) -> bool:
        """Return whether `origin` is http while the Bot API server is another machine."""
        return origin.startswith("http:") and not is_loopback(urlsplit(self.bot_api_url).hostname or "")

    @property
    def needs_http(self) -> bool:
        """Return whether an HTTP server (webhook, health, metrics, API) is to be opened: Telegram or programs reach
        it, or a port is set."""
        return bool(self.webhook_url or self.public_url) or "http_port" in self.model_fields_set


def read_settings(needs_token: bool = False, **overrides: Any) -> Settings:
    """Read the settings. Raise BadSetting, whose text is the line to show, if a variable is missing or malformed."""
    try:
        settings = Settings(**overrides)
    except (UnicodeDecodeError, OSError):
        raise BadSetting(f"{ENV_FILE}: expected a file in UTF-8 that can be read") from None
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]).lower()
        raise BadSetting(_expectation(name)) from None
    if settings.has_bot_twice:
        raise BadSetting(_expectation("bot_tokens"))
    if settings.has_unusable_public_url:
        raise BadSetting(_expectation("public_url"))
    if settings.has_foreign_floor:
        raise BadSetting(_expectation("wage_floor_country"))
    for part in load_parts("settings"):
        if bad_variable := part.find_bad_variable(settings):
            raise BadSetting(_expectation(bad_variable))
    if needs_token and not settings.bot_token:
        raise BadSetting(_expectation("bot_token"))
    return settings


def misspelt_variables() -> dict[str, str]:
    """Return the names in the environment and in `.env` that nothing reads, each with the variable that it
    resembles."""
    variables = [name.upper() for name in EXPECTED]
    set_names = {name.upper() for name in (*os.environ, *dotenv_values(ENV_FILE, encoding=ENCODING))}
    matches_by_name = {
        name: get_close_matches(name, variables, 1, MIN_SIMILARITY) for name in sorted(set_names.difference(variables))
    }
    return {name: matches[0] for name, matches in matches_by_name.items() if matches}


def _expectation(name: str) -> str:
    return f"{name.upper()}: expected {EXPECTED[name]}"
