"""A stand-in for Amazon's hosts: each request goes to this house, with the Host that was signed."""

import asyncio
import json
import re
import ssl
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

from bot.cli.mturk.hosts import Address
from bot.cli.mturk.streams import BROKEN, HEAD, close, head_of, pass_on

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
