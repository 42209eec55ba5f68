"""Which version of the instructions something is about."""

from locales import Html, Translator


def read_then(version: int, t: Translator) -> Html | None:
    """The same to a worker, a judge or an admin."""
    return (
        t("(version {version} of the instructions, which held for this answer)", version=version) if version else None
    )


def read_under(version: int, t: Translator) -> Html | None:
    """Nothing where there is only one."""
    return (
        t("📋 Version {version} of the instructions, which the worker had read.", version=version) if version else None
    )
