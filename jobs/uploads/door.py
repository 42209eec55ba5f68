"""A sent file, and the door it came by: a chat lends it to a job."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol, TypeVar, cast

from domain.people.people import Person
from domain.projects.projects import ProjectId
from jobs.uploads import places
from services.act import Act, House
from storage.unit import UnitOfWork

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SentFile:
    """`fetch` writes its bytes, of which there are `size`; `reference` is the door's id of the file.

    It came with the message `message`, whose caption was `edited` since or not; `number` tells this sending from
    others, and 0 is not shown on its way. `is_dropped` is whether its sender has cancelled it since.
    """

    name: str
    size: int
    caption: str
    reference: str
    message: int
    number: int
    fetch: Callable[[BinaryIO], Awaitable[None]]
    is_dropped: Callable[[UnitOfWork], bool]
    edited: bool = False

    @property
    def command(self) -> str:
        """The first line of its caption, such as /bonus."""
        return self.caption.split("\n", 1)[0].strip().partition("@")[0].lower()

    async def content(self, most: int) -> bytes:
        """At most so many bytes of a small file."""
        places.leave()
        with TemporaryFile() as place:
            await self.fetch(cast(BinaryIO, place))
            place.seek(0)
            return place.read(most)


class UploadDoor(Protocol):
    """The sender's door: the person, readings of rows, and the final transaction of the request. Where it `asks` back,
    a problem that one press can solve is asked about; else it refuses the file."""

    asks: bool

    @property
    def person(self) -> Person:
        """The account that the file is for: the sender, or a team."""
        ...

    @property
    def chat(self) -> Person:
        """The sender."""
        ...

    @property
    def house(self) -> House: ...

    def file(self, reference: str, name: str, size: int, message: int, edited: bool = False) -> SentFile:
        """A file that was sent before."""
        ...

    async def stand_for(self, project: ProjectId) -> None:
        """From now on the sender acts for the account that owns this project."""
        ...

    async def ask(self, question: Callable[[Act], T]) -> T:
        """A reading before the work begins; raises NotAllowed for a sender without the role."""
        ...

    async def finish(self, service: Callable[[Act], object]) -> None:
        """Runs the service in the final transaction; its result is shown to the sender."""
        ...
