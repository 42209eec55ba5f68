"""A bounded window on one lane of the outbox."""

from collections import Counter
from dataclasses import dataclass, field

from storage.boxes.letters import Letter


@dataclass(slots=True)
class BacklogWindow:
    """One lane: its letters by id, and how far the table was read; `rounds`: how often from its start; `ended`: up to
    its end since then; `behind`: something was written since that is to be read."""

    letters: dict[int, Letter] = field(default_factory=dict)
    chats: Counter[int | None] = field(default_factory=Counter)
    after: int = 0
    passed: set[int | None] = field(default_factory=set)
    rounds: int = 0
    ended: bool = False
    behind: bool = False
    tangled: bool = False

    def put(self, letter: Letter) -> None:
        """`in_order` is to follow: most come in the order of their ids."""
        self.tangled |= bool(self.letters) and letter.id < next(reversed(self.letters))
        self.letters[letter.id] = letter
        self.chats[letter.chat] += 1

    def in_order(self) -> None:
        if self.tangled:
            self.letters, self.tangled = dict(sorted(self.letters.items())), False

    def take(self, letter: Letter) -> None:
        del self.letters[letter.id]
        self.chats[letter.chat] -= 1
        if not self.chats[letter.chat]:
            del self.chats[letter.chat]

    def start_over(self) -> None:
        """Rows that were passed over, put off, or written late are met by reading from the start again."""
        self.after, self.passed, self.ended = 0, set(), False
        self.rounds += 1

    def go_on(self) -> None:
        """Reads what has come since it was read to its end."""
        self.ended = False
