"""A linked store that tests of a night's stages share with those of commands."""

from __future__ import annotations

from tests.jobs.conftest import own, untouched, world

__all__ = ["own", "untouched", "world"]
