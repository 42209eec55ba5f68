"""What a book does not take twice."""

from domain.refusals import KeyReused
from handlers.screens.screen import Screen, refuses
from locales import Translator


@refuses(KeyReused)
def key_reused(r: KeyReused, t: Translator) -> Screen:
    return Screen(t("This was recorded before with different content ({name}). Nothing was changed.", name=r.name))
