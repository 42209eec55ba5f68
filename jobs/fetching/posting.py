"""Posts to addresses that people name, as carefully as files are fetched: nothing inside, no redirect followed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from jobs.fetching.fetcher import Fetcher, Inside, NotFetched, fetcher_of, parsed

ANSWER = 4_096  # bytes of an answer that are read


@dataclass(frozen=True, slots=True)
class Poster:
    """`care` says which addresses are admissible."""

    care: Fetcher = field(default_factory=Fetcher)

    async def post(self, address: str, body: bytes, headers: Mapping[str, str], seconds: float) -> int:
        """The status of the answer. Raises NotFetched, and what aiohttp raises."""
        at = parsed(address)
        self.care.check(at)
        try:
            async with asyncio.timeout(seconds), self.care.session() as session:
                told = {"Content-Type": "application/json", **headers}
                async with session.post(at, data=body, headers=told, allow_redirects=False) as answer:
                    await answer.content.read(ANSWER)
                    return answer.status
        except OSError as error:
            if isinstance(error, Inside) or isinstance(error.__cause__ or error.__context__, Inside):
                raise NotFetched("address_public") from None
            raise


def poster_of(private: bool) -> Poster:
    return Poster(fetcher_of(private))
