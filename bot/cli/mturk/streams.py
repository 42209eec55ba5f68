"""Streams of bytes, joined in pairs."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

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
