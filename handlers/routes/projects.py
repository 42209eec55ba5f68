"""Projects and their results."""

from handlers.routing import Route

ROUTES: tuple[Route, ...] = ()
