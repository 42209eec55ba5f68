"""Known answers and restrictions."""

from handlers.routing import Route

ROUTES: tuple[Route, ...] = ()
