"""The sweep that has heads time-stamped, where TIMESTAMP_URL names an authority."""

import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import certifi
from cryptography import x509

from bot.schedule import AsyncSweep
from bot.settings import BadSetting, Settings
from jobs.timestamps import Authority

END = b"-----END CERTIFICATE-----"


def sweeps_of(settings: Settings) -> tuple[AsyncSweep, ...]:
    """None where no authority is named."""
    if not settings.timestamp_url:
        return ()
    return (AsyncSweep("timestamps", 60, Authority(settings.timestamp_url, _roots(settings)).stamp),)


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
