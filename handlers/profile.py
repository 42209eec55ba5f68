"""The bot's descriptions in Telegram: in the empty chat before Start, and on its profile."""

from dataclasses import dataclass

from locales import LANGUAGES, translator


@dataclass(frozen=True, slots=True)
class Profile:
    """At most 512 and 120 characters."""

    description: str
    short_description: str


def profiles(default: str) -> dict[str, Profile]:
    """By Telegram's `language_code`; the default language stands under the empty one."""
    found = {language: _profile(language) for language in LANGUAGES}
    return {"": found[default], **found}


def _profile(language: str) -> Profile:
    t = translator(language)
    return Profile(
        t.plain(
            "Small paid tasks on your phone: you read, look or listen, and answer by pressing a button.\n\n"
            "The money for every task is set aside before you see it. You see the pay, and about how much that is per"
            " hour, before you start. You never pay anything.\n\nPress Start."
        ),
        t.plain("Small paid tasks on your phone. The pay is set aside before you see the task."),
    )
