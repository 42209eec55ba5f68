"""The place of the Mini App's pages."""

ROOT = "/app"
