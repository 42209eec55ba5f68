"""Tasks and answers."""

from handlers.routing import Route

ROUTES: tuple[Route, ...] = ()
