"""The proxy behind `pouce mturk`: calls to Mechanical Turk's hosts go to this server, all others past it. Its
certificate authority lives as long as one command and may certify hosts of one domain only."""

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

CERTIFICATE_LIFETIME = timedelta(days=30)  # a program that runs longer than this is rare
CLOCK_SKEW = timedelta(hours=1)


class CertificateAuthority:
    """A certificate authority for hosts of one domain. `place` is a private directory; the authority's own key is never
    written."""

    def __init__(self, place: Path, domain: str) -> None:
        self._place, self._domain = place, domain
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Pouce, for one command")])
        self._own = self._sign_itself()

    @property
    def pem(self) -> str:
        return self._own.public_bytes(serialization.Encoding.PEM).decode()

    def server_context(self, host: str) -> ssl.SSLContext:
        """TLS context of a server, with a new certificate for this host."""
        key = ec.generate_private_key(ec.SECP256R1())
        file = self._place / f"{host}.pem"
        file.touch(mode=0o600)
        file.write_bytes(_key_pem(key) + self._sign_host(host, key).public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        file.unlink()
        return context

    def _sign_itself(self) -> x509.Certificate:
        usage = _usage(key_cert_sign=True, crl_sign=True)
        return (
            self._certificate_builder(self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.NameConstraints([x509.DNSName(self._domain)], None), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _sign_host(self, host: str, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            self._certificate_builder(x509.Name([]), key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=True)
            .add_extension(issuer, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _certificate_builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - CLOCK_SKEW)
            .not_valid_after(now + CERTIFICATE_LIFETIME)
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


AMAZON_DOMAIN = "amazonaws.com"
MTURK_HOST_PATTERN = re.compile(rf"mturk-requester(-sandbox)?\.[a-z0-9-]{{1,40}}\.{re.escape(AMAZON_DOMAIN)}")
HTTPS_PORT = 443
_NO_PROXY = ("no_proxy", "NO_PROXY")


@dataclass(frozen=True, slots=True)
class Address:
    """Host and port of an HTTP server; `netloc` is the two as a Host header has them."""

    host: str
    port: int
    tls: bool
    netloc: str

    @classmethod
    def parse(cls, url: str) -> "Address | None":
        """Return the address in a URL; None if it is no http or https URL with a host."""
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
class OuterProxy:
    """An HTTP proxy; `login` is `name:password` or empty."""

    host: str
    port: int
    login: str


def is_mturk_host(host: str, port: int) -> bool:
    """Return whether this is a host of Mechanical Turk's requester API."""
    return port == HTTPS_PORT and MTURK_HOST_PATTERN.fullmatch(host.lower()) is not None


def find_outer_proxy(host: str) -> OuterProxy | None:
    """Return the proxy that the environment sets for https; None if there is none or this host is an exception."""
    url = getproxies_environment().get("https", "")
    if not url or proxy_bypass(host):
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return OuterProxy(parts.hostname, parts.port or 80, login) if parts.hostname else None


def proxy_exceptions(environment: Mapping[str, str] | None = None) -> str:
    """Hosts that the environment exempts from proxies (`a,b`), without those that would let calls to Amazon bypass this
    proxy."""
    variables = os.environ if environment is None else environment
    listed = next((variables[name] for name in _NO_PROXY if name in variables), "")
    hosts = (host.strip() for host in listed.split(","))
    return ",".join(host for host in hosts if host and host != "*" and not _covers_amazon(host))


def _covers_amazon(exception: str) -> bool:
    """Return whether a proxy's exception (`*` or the end of a host's name) covers a host of Amazon's."""
    end = exception.lower().removeprefix("*").lstrip(".").partition(":")[0]
    return end == "com" or end.endswith("amazonaws.com")


MAX_HEAD_BYTES = 65_536  # bytes of a request's head, at most
PIECE_BYTES = 65_536
CONNECTION_ERRORS = (OSError, ssl.SSLError, EOFError, ValueError, asyncio.LimitOverrunError)


async def read_head(reader: StreamReader) -> bytes:
    """Return the head of a request or response, up to the empty line and with it."""
    return await reader.readuntil(b"\r\n\r\n")


async def copy_stream(reader: StreamReader, writer: StreamWriter, size: int | None = None) -> None:
    """Copy `size` bytes, or all until the reader's end; then, where it was all, end the writer too."""
    bytes_left = size
    while bytes_left is None or bytes_left > 0:
        piece = await reader.read(PIECE_BYTES if bytes_left is None else min(PIECE_BYTES, bytes_left))
        if not piece:
            break
        bytes_left = None if bytes_left is None else bytes_left - len(piece)
        writer.write(piece)
        await writer.drain()
    if size is None and writer.can_write_eof():
        writer.write_eof()


async def join_streams(near: tuple[StreamReader, StreamWriter], far: tuple[StreamReader, StreamWriter]) -> None:
    """Copy what comes, both ways, until both have ended or one breaks; then close the far side."""
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(copy_stream(near[0], far[1]))
            both.create_task(copy_stream(far[0], near[1]))
    except* CONNECTION_ERRORS:
        pass
    finally:
        await close_stream(far[1])


async def close_stream(writer: StreamWriter) -> None:
    writer.close()
    with suppress(*CONNECTION_ERRORS):
        await writer.wait_closed()


SIGNED_HOST = b"X-Pouce-Signed-Host"  # the door of the house verifies signatures over it
_HOST_HEADER = re.compile(rb"\r\nhost:[ \t]*([^\r\n]*?)[ \t]*\r\n", re.IGNORECASE)
_LENGTH_HEADER = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*\r\n", re.IGNORECASE)
_UNFORWARDABLE = re.compile(rb"\r\n(?:transfer-encoding|expect):", re.IGNORECASE)


class RequestForwarder:
    """Forwards the requests of one connection to the server, until either side ends; answers 503 if it cannot be
    reached."""

    def __init__(self, server: Address) -> None:
        self._server = server

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            with suppress(*CONNECTION_ERRORS):
                await self._pass_requests(reader, writer)
        finally:
            await close_stream(writer)

    async def _pass_requests(self, reader: StreamReader, writer: StreamWriter) -> None:
        head = await read_head(reader)
        try:
            tls = ssl.create_default_context() if self._server.tls else None
            answers, server_writer = await asyncio.open_connection(
                self._server.host, self._server.port, ssl=tls, limit=MAX_HEAD_BYTES
            )
        except CONNECTION_ERRORS:
            writer.write(_unreachable_response(self._server))
            return
        answering = asyncio.create_task(_copy_answers(answers, writer))
        try:
            while not _UNFORWARDABLE.search(head):
                server_writer.write(self._readdress(head))
                length = _LENGTH_HEADER.search(head)
                await copy_stream(reader, server_writer, int(length[1]) if length else 0)
                await server_writer.drain()
                head = await read_head(reader)
        except CONNECTION_ERRORS:
            pass  # the program has asked all it wanted to
        finally:
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
            await close_stream(server_writer)

    def _readdress(self, head: bytes) -> bytes:
        """Return the head addressed to the server, with the host that the program signed in a header of its own."""
        host = _HOST_HEADER.search(head)
        signed = host[1] if host else b""
        to = b"\r\nHost: %b\r\n%b: %b\r\n" % (self._server.netloc.encode(), SIGNED_HOST, signed)
        return _HOST_HEADER.sub(lambda _: to, head, count=1)


async def _copy_answers(answers: StreamReader, writer: StreamWriter) -> None:
    """Copy the server's answers until it ends; then end the program's side, too."""
    with suppress(*CONNECTION_ERRORS):
        await copy_stream(answers, writer)
    writer.close()


def _unreachable_response(server: Address) -> bytes:
    body = json.dumps({"__type": "ServiceUnavailable", "Message": f"Nothing answers at {server.netloc}."}).encode()
    head = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/x-amz-json-1.1\r\n"
    return head + b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body)


_CONNECT = re.compile(rb"CONNECT (?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5}) HTTP/1\.[01]\r\n")
LOGIN = "pouce"
CONNECTION_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
REFUSALS = {
    400: b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    407: b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="pouce"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\n\r\n",
    502: b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}


class Tunnel:
    """An HTTP proxy on this machine that leads calls to Mechanical Turk's hosts to the server. `password` belongs to
    its address: other people of this machine cannot use it."""

    def __init__(self, folder: Path, server: Address, password: str) -> None:
        self._authority = CertificateAuthority(folder, AMAZON_DOMAIN)
        self._socket = str(folder / "door")
        self._forwarder = RequestForwarder(server)
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._login = b"Basic " + base64.b64encode(f"{LOGIN}:{password}".encode())
        self._servers: list[asyncio.Server] = []
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def certificate(self) -> str:
        return self._authority.pem

    async def open(self) -> int:
        """Start listening; return the port."""
        inner = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        inner.sni_callback = self._choose_certificate
        self._servers.append(await asyncio.start_unix_server(self._forwarder.serve, self._socket, ssl=inner))
        outer = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=MAX_HEAD_BYTES)
        self._servers.append(outer)
        return int(outer.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and break open connections."""
        for server in self._servers:
            server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _choose_certificate(self, connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> int | None:
        if host not in self._contexts:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connection.context = self._contexts[host]
        return None

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            with suppress(*CONNECTION_ERRORS):
                await self._tunnel(reader, writer)
        finally:
            await close_stream(writer)

    async def _tunnel(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer one CONNECT and copy both ways: 400 if it is malformed, 407 without the password, 502 if the host is
        out of reach."""
        head = await read_head(reader)
        connect = _CONNECT.match(head)
        if connect is None or not 0 < int(connect[3]) < 65_536:
            writer.write(REFUSALS[400])
            return
        if not _has_login(head, self._login):
            writer.write(REFUSALS[407])
            return
        try:
            far = await self._connect((connect[1] or connect[2]).decode(), int(connect[3]))
        except CONNECTION_ERRORS:
            writer.write(REFUSALS[502])
            return
        writer.write(CONNECTION_ESTABLISHED)
        await join_streams((reader, writer), far)

    async def _connect(self, host: str, port: int) -> tuple[StreamReader, StreamWriter]:
        """Open a connection to the forwarder for Mechanical Turk's hosts, else to the host, through the outer proxy if
        there is one. Raise ConnectionRefusedError if that proxy refuses."""
        if is_mturk_host(host, port):
            name = host.lower()
            if name not in self._contexts:
                self._contexts[name] = self._authority.server_context(name)
            return await asyncio.open_unix_connection(self._socket)
        proxy = find_outer_proxy(host)
        if proxy is None:
            return await asyncio.open_connection(host, port)
        far = await asyncio.open_connection(proxy.host, proxy.port, limit=MAX_HEAD_BYTES)
        login = base64.b64encode(proxy.login.encode()).decode()
        authorization = f"Proxy-Authorization: Basic {login}\r\n" if proxy.login else ""
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        far[1].write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n".encode())
        if not re.match(rb"HTTP/1\.[01] 200 ", await read_head(far[0])):
            await close_stream(far[1])
            raise ConnectionRefusedError
        return far


def _has_login(head: bytes, login: bytes) -> bool:
    """Return whether the request carries this proxy's login."""
    header = re.search(rb"\r\nproxy-authorization:[ \t]*([^\r\n]+?)[ \t]*\r\n", head, re.IGNORECASE)
    return header is not None and hmac.compare_digest(header[1], login)
