"""The roles people have. A route, or an endpoint, is for one of them."""

EVERYBODY, WORKER, REQUESTER, ADMIN = "", "worker", "requester", "admin"
ROLES = (WORKER, REQUESTER, ADMIN, EVERYBODY)
