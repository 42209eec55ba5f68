"""A voice message, sent in the chat: `file_id file_unique_id`, like a photo."""

from domain.answers.photo import Photo
from domain.handing_in import Wants
from domain.money.pricing import PRESS_SECONDS, SECONDS_PER_SPOKEN_WORD


class Voice(Photo):
    order = 90
    wants = Wants.VOICE
    file_ending = ".oga"

    def estimate_input_seconds(self, options: int) -> float:
        """A sentence of eight words."""
        return 8 * SECONDS_PER_SPOKEN_WORD + 2 * PRESS_SECONDS


KIND = Voice()
