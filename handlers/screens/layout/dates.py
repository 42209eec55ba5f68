"""Days that are kept as they are written (2026-11-27), in the reader's spelling."""

from datetime import datetime

from locales import Translator


def day(written: str, t: Translator) -> str:
    return t.day(int(datetime.fromisoformat(f"{written}T12:00:00+00:00").timestamp() * 1000))
