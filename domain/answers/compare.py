"""Which of two or more is better. Handed in and known like a choice."""

from collections.abc import Mapping, Sequence

from domain.answers.choice import Choice


class Compare(Choice):
    order = 60
    is_default = False
    options_are_columns = True
    meets_again = True

    def get_compared_labels(self, options: Sequence[str]) -> tuple[str, ...]:
        return tuple(options)

    def needs_names(self, options: Sequence[str] | None) -> bool:
        return not options

    def relabel(self, answer: str, options: Sequence[str], labels: Mapping[str, str]) -> str:
        return labels.get(answer, answer)

    def list_preferences(self, answer: str, options: Sequence[str]) -> tuple[tuple[str, str, float | None], ...]:
        return tuple((answer, worse, None) for worse in options if worse != answer)


KIND = Compare()
