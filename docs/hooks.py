"""Hooks of MkDocs: in the site, a link that leaves the manual becomes the path of the file in the source."""

import re
from os.path import dirname, normpath
from typing import Any

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(((?:\.\./)+[^)#\s]+)(#[^)\s]+)?\)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    folder = dirname(page.file.src_uri)

    def replace_link(match: re.Match[str]) -> str:
        path = normpath(f"docs/{folder}/{match[2]}")
        return match[0] if path.startswith("docs/") else f"{match[1]} (`{path}`)"

    return LINK.sub(replace_link, markdown)
