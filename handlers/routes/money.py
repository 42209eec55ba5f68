"""Pay, payouts and the books."""

from handlers.routing import Route

ROUTES: tuple[Route, ...] = ()
