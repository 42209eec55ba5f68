"""The answer pad: what was given so far of an answer that takes several presses, or of a form."""

from dataclasses import dataclass, replace

from domain.answers import Draft, Wants, kind_of
from domain.projects.projects import Project
from domain.projects.tasks import Task, as_asked
from domain.refusals import AnswerUnfit, AnswerUnknown


def wanted_next(project: Project, task: Task, draft: Draft) -> Wants:
    """What a task wants next, of the options that it has itself."""
    return kind_of(project.kind).wants_now(draft, as_asked(project, task).options)


@dataclass(frozen=True, slots=True)
class AnswerPad:
    """`draft` is as the kind keeps it."""

    kind: str
    options: tuple[str, ...]
    draft: Draft = ()

    @classmethod
    def of(cls, project: Project, draft: Draft = ()) -> "AnswerPad":
        return cls(project.kind, project.options, draft)

    @property
    def takes_presses(self) -> bool:
        return kind_of(self.kind).wants is Wants.PRESSES

    @property
    def takes_words(self) -> bool:
        """Whether words are a step of the answer, not all of it."""
        return kind_of(self.kind).asks_questions

    @property
    def is_complete(self) -> bool:
        return kind_of(self.kind).is_complete(self.draft, self.options)

    def choose(self, option: int) -> "AnswerPad":
        """After one more press; AnswerUnknown where an answer is a single press, or no press at all."""
        if not self.takes_presses:
            raise AnswerUnknown(expected=list(self.options))
        return replace(self, draft=kind_of(self.kind).stepped(self.draft, option, self.options))

    def write(self, words: str) -> "AnswerPad":
        return replace(self, draft=kind_of(self.kind).written(self.draft, words, self.options))

    def undo(self) -> "AnswerPad":
        """Without the last press."""
        return replace(self, draft=self.draft[:-1])

    def done(self) -> str:
        """The draft as an answer is handed in: `2,0,1`."""
        if not self.takes_presses:
            raise AnswerUnfit(what="nothing_chosen")
        return kind_of(self.kind).handed_in(self.draft, self.options)
