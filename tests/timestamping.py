"""A real time-stamping authority on this machine: openssl's `ts` behind HTTP, with a root of its own."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CONFIG = """
[tsa]
default_tsa = here
[here]
dir = {place}
serial = {place}/serial
crypto_device = builtin
signer_cert = {place}/signer.pem
signer_key = {place}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""
PEM = serialization.Encoding.PEM


@dataclass
class Tsa:
    """`mood`: how it answers; "well" is a real time-stamp."""

    place: Path
    url: str = ""
    root: x509.Certificate | None = None
    mood: str = "well"
    asked: list[bytes] = field(default_factory=list)

    def settle(self) -> None:
        """A root certificate, a signer below it, and openssl's configuration."""
        root_key, key = (rsa.generate_private_key(65_537, 2_048) for _ in range(2))
        self.root = _certificate("Test root", root_key, "Test root", root_key, of_root=True)
        signer = _certificate("Test TSA", key, "Test root", root_key, of_root=False)
        plain = serialization.NoEncryption()
        written = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain)
        (self.place / "signer.key").write_bytes(written)
        (self.place / "signer.pem").write_bytes(signer.public_bytes(PEM))
        (self.place / "root.pem").write_bytes(self.root.public_bytes(PEM))
        (self.place / "serial").write_text("01")
        (self.place / "config").write_text(CONFIG.format(place=self.place))

    def stamp(self, query: bytes) -> bytes:
        (self.place / "query").write_bytes(query)
        words = ["openssl", "ts", "-reply", "-config", "config", "-queryfile", "query", "-out", "reply"]
        subprocess.run(words, cwd=self.place, check=True, capture_output=True, timeout=30)
        return (self.place / "reply").read_bytes()

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(await request.read())
        told = {
            "error": lambda: web.Response(status=500),
            "elsewhere": lambda: web.Response(status=302, headers={"Location": "/other"}),
            "endless": lambda: web.Response(body=b"0" * 1_000_000),
            "nonsense": lambda: web.Response(body=b"0"),
            "earlier": lambda: web.Response(body=self.stamp(self.asked[0])),
            "well": lambda: web.Response(body=self.stamp(self.asked[-1])),
        }
        return told[self.mood]()


@asynccontextmanager
async def authority(place: Path) -> AsyncIterator[Tsa]:
    tsa = Tsa(place)
    tsa.settle()
    app = web.Application()
    app.router.add_post("/", tsa.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    tsa.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield tsa
    finally:
        await runner.cleanup()


def _certificate(
    name: str, key: rsa.RSAPrivateKey, issuer: str, issuer_key: rsa.RSAPrivateKey, *, of_root: bool
) -> x509.Certificate:
    subject, by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, issuer))
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=of_root, path_length=None), critical=True)
    )
    if not of_root:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(usage, critical=True)
    return made.sign(issuer_key, hashes.SHA256())
