"""The kinds of transport there are: settings are read before any of them is loaded."""

KINDS = ("http1", "httpx")
