"""The error of a parser of a caption's value."""

from formats.captions.options import Flaw


class Flawed(Exception):
    """A value that cannot be used."""

    def __init__(self, *found: Flaw) -> None:
        super().__init__(*found)
        self.flaws = found
