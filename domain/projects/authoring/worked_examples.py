"""Pictures and worked examples that stand beside a project's instructions."""

from domain.records import record

MOST_EXAMPLES, MOST_PICTURES = 5, 5
LONGEST_ITEM, LONGEST_ANSWER, LONGEST_WHY = 300, 100, 200  # characters of an example's parts
MOST_VERSIONS = 100  # of a project


@record
class WorkedExample:
    """An item with its right answer and why; `picture`: an address or a file's id, beside the text or instead of it."""

    item: str
    answer: str
    why: str = ""
    picture: str = ""


@record
class Wording:
    """All that workers read of a project before they answer."""

    title: str
    instructions: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    examples: tuple[WorkedExample, ...] = ()
