"""Errors of databases beyond their drivers' own."""


class BadDatabaseUrl(ValueError):
    pass


class Broken(Exception):
    """A migration violated foreign keys and was rolled back."""


class Unavailable(Exception):
    """The database did not do it: disk full, connection lost, locked. Nothing was kept; try again later. `name`: what
    the database calls it."""

    def __init__(self, said: str, name: str = "Unavailable") -> None:
        super().__init__(said)
        self.name = name


def unavailable(error: BaseException) -> Unavailable:
    return Unavailable(f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}", named(error))


def named(error: BaseException) -> str:
    """What the database calls it, such as SQLITE_FULL or 53100/DiskFull; of other errors the class. For logs: no word
    of the error, which may hold a row."""
    if isinstance(error, Unavailable):
        return error.name
    state, name = getattr(error, "sqlstate", None), type(error).__name__
    return f"{state}/{name}" if state else str(getattr(error, "sqlite_errorname", name))


class Lost(Exception):
    """A row is not what it was when it was read: the transaction is begun again."""


class UnknownSchema(Exception):
    """The database has a schema that this version does not know, older or newer; its text is one line."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"its schema {version} was made by a development version before the first release, "
            "which cannot be upgraded, or by a newer version"
        )


class Apart(BaseException):
    """A transaction of several needs a savepoint: it is undone, and begun again after the others are written. Not an
    Exception: no service may catch it and go on with half of what it did."""
