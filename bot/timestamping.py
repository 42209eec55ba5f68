"""Sweeps that ask outside services: heads are time-stamped (TIMESTAMP_URL), VAT numbers looked up (VIES_URL)."""

import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import certifi
from cryptography import x509

from bot.schedule import AsyncSweep
from bot.settings import BadSetting, Settings
from jobs.money.vat_numbers import VatRegister
from jobs.timestamps import Authority

END = b"-----END CERTIFICATE-----"


def sweeps_of(settings: Settings) -> tuple[AsyncSweep, ...]:
    """Only those whose service is named."""
    found = []
    if settings.timestamp_url:
        found.append(AsyncSweep("timestamps", 60, Authority(settings.timestamp_url, _roots(settings)).stamp))
    if settings.vies_url and settings.vat_rule:
        register = VatRegister(settings.vies_url, settings.operator.vat)
        found.append(AsyncSweep("VAT numbers", 3_600, register.check))
    return tuple(found)


def _roots(settings: Settings) -> list[x509.Certificate]:
    """Of TIMESTAMP_CA, else the web's usual ones."""
    try:
        if settings.timestamp_ca:
            return x509.load_pem_x509_certificates(Path(settings.timestamp_ca).read_bytes())
        return list(_usual())
    except (OSError, ValueError):
        raise BadSetting("TIMESTAMP_CA: expected a readable file with certificates (PEM)") from None


def _usual() -> Iterator[x509.Certificate]:
    """A few old ones among them are not as certificates should be: these are left out."""
    for block in Path(certifi.where()).read_bytes().split(END)[:-1]:
        with warnings.catch_warnings(), suppress(ValueError):
            warnings.simplefilter("ignore")
            yield x509.load_pem_x509_certificate(block + END)
