"""Facts of the screens about files that are dropped, too many, or never launched."""

from domain.messages import Message
from domain.projects.drafts import DraftLetGo

TITLE = "Is the review <b>kind?"
MESSAGES: list[Message] = [DraftLetGo(7, TITLE, 30, whole=True), DraftLetGo(7, TITLE, 1, whole=False)]
REFUSALS = {
    "refusals.FileDropped": [{"name": "tasks <b>.csv"}],
    "refusals.DraftsFull": [{"rows": 999_000, "megabytes": 60, "most": 1_000_000, "limit": 64}],
}
