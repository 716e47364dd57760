"""The section of the registry: how much worse a model may be and be promoted all the same."""

from __future__ import annotations

from pydantic import Field

from linker.config.section import Section


class ModelsSettings(Section):
    """``[models]``: what ``linker promote`` allows a model to be worse than the one in use."""

    margin: float = Field(default=0.005, ge=0, le=1)
    """By how much pairwise F1, and pairwise precision, of all records may fall."""
    culture_margin: float = Field(default=0.02, ge=0, le=1)
    """By how much pairwise F1, and pairwise recall, of one name culture may fall."""
    culture_records: int = Field(default=500, ge=1)
    """Name cultures with fewer records in the truth are not judged: their figures are chance."""
