"""The answer pad: the presses so far of an answer that takes several."""

from dataclasses import dataclass

from domain.answers import Wants, kind_of
from domain.projects.projects import Project
from domain.refusals import AnswerUnfit, AnswerUnknown


@dataclass(frozen=True, slots=True)
class AnswerPad:
    """`draft` holds the numbers of the options that were pressed, in the order in which the kind keeps them."""

    kind: str
    options: tuple[str, ...]
    draft: tuple[int, ...] = ()

    @classmethod
    def of(cls, project: Project, draft: tuple[int, ...] = ()) -> "AnswerPad":
        return cls(project.kind, project.options, draft)

    @property
    def takes_presses(self) -> bool:
        return kind_of(self.kind).wants is Wants.PRESSES

    def choose(self, option: int) -> tuple[int, ...]:
        """The draft after one more press; AnswerUnknown where an answer is a single press, or no press at all."""
        if not self.takes_presses:
            raise AnswerUnknown(expected=list(self.options))
        return kind_of(self.kind).pressed(self.draft, option, self.options)

    def undo(self) -> tuple[int, ...]:
        """The draft without its last press."""
        return self.draft[:-1]

    def done(self) -> str:
        """The presses as an answer is handed in: `2,0,1`."""
        if not self.takes_presses:
            raise AnswerUnfit(what="nothing_chosen")
        return ",".join(map(str, self.draft))
