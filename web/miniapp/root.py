"""Where the Mini App's pages are."""

ROOT = "/app"
