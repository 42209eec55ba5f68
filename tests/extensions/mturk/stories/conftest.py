"""The finger and the town of stories about pages."""

from tests.stories.work.conftest import touch, town

__all__ = ["touch", "town"]
