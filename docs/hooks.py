"""Hooks of MkDocs: in the site, a link that leaves the manual becomes the path of the file in the source, and the
search ranks pages that tell what to do above measurements."""

import re
from os.path import dirname, normpath
from typing import Any

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(((?:\.\./)+[^)#\s]+)(#[^)\s]+)?\)")

# Factor of a page's rank in the search; 1 where none is named.
BOOSTS = {
    "explanation/benchmarks.md": 0.2,
    "explanation/cpu-time.md": 0.2,
    "explanation/performance.md": 0.6,
    "explanation/waiting.md": 0.2,
    "explanation/waiting-beside-work.md": 0.2,
    "explanation/quality-ai.md": 0.3,
    "explanation/quality-model.md": 0.3,
    "explanation/fairness-demands.md": 0.3,
    "explanation/fairness-directive.md": 0.3,
    "explanation/fairness-law.md": 0.3,
    "explanation/fairness-measured.md": 0.3,
    "reference/where-to-change.md": 0.8,
    "fr/travailler.md": 1.3,
    "how-to/contest-a-decision.md": 1.6,
    "how-to/get-paid.md": 2.0,
    "tutorials/workers.md": 1.5,
}


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    folder = dirname(page.file.src_uri)
    if page.file.src_uri in BOOSTS:
        page.meta["search"] = {"boost": BOOSTS[page.file.src_uri]}

    def replace_link(match: re.Match[str]) -> str:
        path = normpath(f"docs/{folder}/{match[2]}")
        return match[0] if path.startswith("docs/") else f"{match[1]} (`{path}`)"

    return LINK.sub(replace_link, markdown)
