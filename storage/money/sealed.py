"""Encrypted answers, wherever they are kept: found where another key than the newest closes them, and closed anew."""

from storage.drivers.connection import Connection

Key = int | str


def _older(table: str, key: str) -> str:
    return f"""
SELECT {key}, sealed FROM {table} WHERE sealed IS NOT NULL AND (key_print < :key_print OR key_print > :key_print)
  AND {key} > :after ORDER BY {key} LIMIT :limit"""


def _reseal(table: str, key: str) -> str:
    return f"UPDATE {table} SET sealed = :sealed, key_print = :key_print WHERE {key} = :at AND sealed = :before"


OLDER_FORMS, RESEAL_FORM = _older("tax_forms", "person"), _reseal("tax_forms", "person")
OLDER_DOCUMENTS, RESEAL_DOCUMENT = _older("tax_documents", "reference"), _reseal("tax_documents", "reference")


class Sealed:
    """`start` is before every key of the table."""

    def __init__(self, connection: Connection, older: str, reseal: str, start: Key) -> None:
        self._db = connection
        self._older, self._reseal = older, reseal
        self.start = start

    def older(self, key_print: str, after: Key, limit: int) -> list[tuple[Key, str]]:
        """Answers encrypted under another key."""
        return [(row[0], row[1]) for row in self._db.all(self._older, key_print=key_print, after=after, limit=limit)]

    def reseal(self, at: Key, before: str, sealed: str, key_print: str) -> bool:
        """False when they were changed meanwhile."""
        return self._db.changed(self._reseal, at=at, before=before, sealed=sealed, key_print=key_print) == 1


def sealed_tables(connection: Connection) -> tuple[Sealed, ...]:
    """Forms, and what was filed of them."""
    return (
        Sealed(connection, OLDER_FORMS, RESEAL_FORM, 0),
        Sealed(connection, OLDER_DOCUMENTS, RESEAL_DOCUMENT, ""),
    )
