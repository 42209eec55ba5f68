"""Review, rejections and appeals."""

from handlers.routing import Route

ROUTES: tuple[Route, ...] = ()
