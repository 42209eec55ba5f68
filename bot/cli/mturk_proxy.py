"""A certificate authority that lives as long as one command, and may speak for hosts of one domain only."""

import asyncio
import base64
import hmac
import json
import os
import re
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LASTS = timedelta(days=30)  # a program that runs longer than this is rare
SKEW = timedelta(hours=1)


class Authority:
    """`place` is a private directory. The authority's own key is never written."""

    def __init__(self, place: Path, domain: str) -> None:
        self._place, self._domain = place, domain
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Pouce, for one command")])
        self._own = self._certified()

    @property
    def pem(self) -> str:
        return self._own.public_bytes(serialization.Encoding.PEM).decode()

    def context(self, host: str) -> ssl.SSLContext:
        """A server's, with a certificate for this host."""
        key = ec.generate_private_key(ec.SECP256R1())
        file = self._place / f"{host}.pem"
        file.touch(mode=0o600)
        file.write_bytes(_key_pem(key) + self._certificate(host, key).public_bytes(serialization.Encoding.PEM))
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(file)
        file.unlink()
        return made

    def _certified(self) -> x509.Certificate:
        usage = _usage(key_cert_sign=True, crl_sign=True)
        return (
            self._builder(self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.NameConstraints([x509.DNSName(self._domain)], None), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _certificate(self, host: str, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            self._builder(x509.Name([]), key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=True)
            .add_extension(issuer, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - SKEW)
            .not_valid_after(now + LASTS)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _usage(**granted: bool) -> x509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: granted.get(name, False) for name in names})


DOMAIN = "amazonaws.com"
OURS = re.compile(rf"mturk-requester(-sandbox)?\.[a-z0-9-]{{1,40}}\.{re.escape(DOMAIN)}")
HTTPS_PORT = 443
_NO_PROXY = ("no_proxy", "NO_PROXY")


@dataclass(frozen=True, slots=True)
class Address:
    """`netloc` as it stands in a Host header."""

    host: str
    port: int
    tls: bool
    netloc: str

    @classmethod
    def of(cls, url: str) -> "Address | None":
        """None where it is no http or https address of a host."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        tls = parts.scheme == "https"
        netloc = parts.netloc.rpartition("@")[2]
        return cls(parts.hostname, port or (HTTPS_PORT if tls else 80), tls, netloc)


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy; `login` is `name:password` or empty."""

    host: str
    port: int
    login: str


def is_ours(host: str, port: int) -> bool:
    """Whether it is a host of Mechanical Turk's requesters."""
    return port == HTTPS_PORT and OURS.fullmatch(host.lower()) is not None


def outer_proxy(host: str) -> Proxy | None:
    """The proxy that the environment sets for https, unless it names this host as an exception."""
    url = getproxies_environment().get("https", "")
    if not url or proxy_bypass(host):
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return Proxy(parts.hostname, parts.port or 80, login) if parts.hostname else None


def exceptions(environment: Mapping[str, str] | None = None) -> str:
    """The environment's hosts that go past proxies, without those that would let Amazon's go past ours."""
    known = os.environ if environment is None else environment
    found = next((known[name] for name in _NO_PROXY if name in known), "")
    kept = (each.strip() for each in found.split(","))
    return ",".join(each for each in kept if each and each != "*" and not _covers(each))


def _covers(exception: str) -> bool:
    """Whether a proxy's exception, an end of a host's name, covers a host of Amazon's."""
    end = exception.lower().removeprefix("*").lstrip(".").partition(":")[0]
    return end == "com" or end.endswith("amazonaws.com")


HEAD = 65_536  # bytes of a request's head, at most
PIECE = 65_536
BROKEN = (OSError, ssl.SSLError, EOFError, ValueError, asyncio.LimitOverrunError)


async def head_of(reader: StreamReader) -> bytes:
    """Up to the empty line, with it."""
    return await reader.readuntil(b"\r\n\r\n")


async def pass_on(reader: StreamReader, writer: StreamWriter, size: int | None = None) -> None:
    """So many bytes, or all there are; then, where it was all, the end."""
    left = size
    while left is None or left > 0:
        piece = await reader.read(PIECE if left is None else min(PIECE, left))
        if not piece:
            break
        left = None if left is None else left - len(piece)
        writer.write(piece)
        await writer.drain()
    if size is None and writer.can_write_eof():
        writer.write_eof()


async def join(near: tuple[StreamReader, StreamWriter], far: tuple[StreamReader, StreamWriter]) -> None:
    """Passes on what comes, both ways, until both have ended or one breaks."""
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(pass_on(near[0], far[1]))
            both.create_task(pass_on(far[0], near[1]))
    except* BROKEN:
        pass
    finally:
        await close(far[1])


async def close(writer: StreamWriter) -> None:
    writer.close()
    with suppress(*BROKEN):
        await writer.wait_closed()


SIGNED_HOST = b"X-Pouce-Signed-Host"  # the door of the house verifies signatures over it
_HOST = re.compile(rb"\r\nhost:[ \t]*([^\r\n]*?)[ \t]*\r\n", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*\r\n", re.IGNORECASE)
_CODED = re.compile(rb"\r\n(?:transfer-encoding|expect):", re.IGNORECASE)


class Door:
    def __init__(self, house: Address) -> None:
        self._house = house

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            with suppress(*BROKEN):
                await self._pass_requests(reader, writer)
        finally:
            await close(writer)

    async def _pass_requests(self, reader: StreamReader, writer: StreamWriter) -> None:
        head = await head_of(reader)
        try:
            tls = ssl.create_default_context() if self._house.tls else None
            answers, house = await asyncio.open_connection(self._house.host, self._house.port, ssl=tls, limit=HEAD)
        except BROKEN:
            writer.write(_unreachable(self._house))
            return
        back = asyncio.create_task(_answers(answers, writer))
        try:
            while not _CODED.search(head):
                house.write(self._led(head))
                length = _LENGTH.search(head)
                await pass_on(reader, house, int(length[1]) if length else 0)
                await house.drain()
                head = await head_of(reader)
        except BROKEN:
            pass  # the program has asked all it wanted to
        finally:
            back.cancel()
            await asyncio.gather(back, return_exceptions=True)
            await close(house)

    def _led(self, head: bytes) -> bytes:
        """The same head, addressed to the house."""
        host = _HOST.search(head)
        signed = host[1] if host else b""
        to = b"\r\nHost: %b\r\n%b: %b\r\n" % (self._house.netloc.encode(), SIGNED_HOST, signed)
        return _HOST.sub(lambda _: to, head, count=1)


async def _answers(answers: StreamReader, writer: StreamWriter) -> None:
    """Until the house ends; then the program hears the end, too."""
    with suppress(*BROKEN):
        await pass_on(answers, writer)
    writer.close()


def _unreachable(house: Address) -> bytes:
    about = json.dumps({"__type": "ServiceUnavailable", "Message": f"Nothing answers at {house.netloc}."}).encode()
    head = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/x-amz-json-1.1\r\n"
    return head + b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(about), about)


_CONNECT = re.compile(rb"CONNECT (?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5}) HTTP/1\.[01]\r\n")
LOGIN = "pouce"
OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"
REFUSALS = {
    400: b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    407: b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="pouce"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\n\r\n",
    502: b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}


class Tunnel:
    """`password` is what a program needs beside the address: other people of this machine do not use it."""

    def __init__(self, place: Path, house: Address, password: str) -> None:
        self._authority = Authority(place, DOMAIN)
        self._socket = str(place / "door")
        self._door = Door(house)
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._login = b"Basic " + base64.b64encode(f"{LOGIN}:{password}".encode())
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()

    @property
    def certificate(self) -> str:
        return self._authority.pem

    async def open(self) -> int:
        """The port."""
        inner = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        inner.sni_callback = self._choose
        self._servers.append(await asyncio.start_unix_server(self._door.serve, self._socket, ssl=inner))
        outer = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD)
        self._servers.append(outer)
        return int(outer.sockets[0].getsockname()[1])

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _choose(self, connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> int | None:
        if host not in self._contexts:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connection.context = self._contexts[host]
        return None

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        try:
            with suppress(*BROKEN):
                await self._tunnel(reader, writer)
        finally:
            await close(writer)

    async def _tunnel(self, reader: StreamReader, writer: StreamWriter) -> None:
        head = await head_of(reader)
        asked = _CONNECT.match(head)
        if asked is None or not 0 < int(asked[3]) < 65_536:
            writer.write(REFUSALS[400])
            return
        if not _logged_in(head, self._login):
            writer.write(REFUSALS[407])
            return
        try:
            far = await self._connect((asked[1] or asked[2]).decode(), int(asked[3]))
        except BROKEN:
            writer.write(REFUSALS[502])
            return
        writer.write(OPENED)
        await join((reader, writer), far)

    async def _connect(self, host: str, port: int) -> tuple[StreamReader, StreamWriter]:
        if is_ours(host, port):
            name = host.lower()
            if name not in self._contexts:
                self._contexts[name] = self._authority.context(name)
            return await asyncio.open_unix_connection(self._socket)
        proxy = outer_proxy(host)
        if proxy is None:
            return await asyncio.open_connection(host, port)
        far = await asyncio.open_connection(proxy.host, proxy.port, limit=HEAD)
        login = base64.b64encode(proxy.login.encode()).decode()
        about = f"Proxy-Authorization: Basic {login}\r\n" if proxy.login else ""
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        far[1].write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{about}\r\n".encode())
        if not re.match(rb"HTTP/1\.[01] 200 ", await head_of(far[0])):
            await close(far[1])
            raise ConnectionRefusedError
        return far


def _logged_in(head: bytes, login: bytes) -> bool:
    found = re.search(rb"\r\nproxy-authorization:[ \t]*([^\r\n]+?)[ \t]*\r\n", head, re.IGNORECASE)
    return found is not None and hmac.compare_digest(found[1], login)
