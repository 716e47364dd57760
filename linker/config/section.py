"""What every section of a configuration file has in common."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from linker.errors import nearest


class Section(BaseModel):
    """A section whose keys are all known; an unknown one is refused with the nearest valid name."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, values: Any) -> Any:  # noqa: ANN401 - whatever TOML held
        if not isinstance(values, dict):
            return values
        valid = {field.alias or name for name, field in cls.model_fields.items()}
        for key in values:
            if key not in valid:
                raise ValueError(f"unknown key {key!r}{nearest(str(key), valid)}")
        return values
