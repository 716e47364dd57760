"""What of a generation a viewer may be told: mentions that are there for them, and their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linker.blocking.hashing import Bools, Int32s
from linker.deconfliction.disclose import (
    Viewer,
    counted,
    disclosed,
    record_shown,
    values_shown,
)
from linker.deconfliction.standing import READ, standing
from linker.schemas import SENSITIVITIES, Sensitivity
from linker.store.lookup_index.index import LookupIndex
from linker.store.segment import SILENT

OPEN: Final = len(SENSITIVITIES) - 1


@dataclass(frozen=True)
class View:
    """One entity type of a generation, as one viewer may see it.

    Attributes:
        index: Where everything lies.
        viewer: Who asks.
        as_of: The date investigations are judged at.
    """

    index: LookupIndex
    viewer: Viewer
    as_of: dt.date

    def sensitivity(self, mention: int) -> Sensitivity:
        """Return how guarded a mention is: as its whole investigation."""
        return SENSITIVITIES[min(int(self.index.guard[mention]), OPEN)]

    def owned(self, mention: int) -> bool:
        """Return whether a mention is of the viewer's own unit."""
        if self.viewer.agency is None:
            return False
        return self.viewer.owns(self.index.row(mention, ("agency", "unit")))

    def is_there(self, mention: int) -> bool:
        """Return whether a mention is there at all for the viewer."""
        if self.index.guard[mention] != SILENT and self.viewer.may_ask:
            return True
        return counted(self.viewer, own=self.owned(mention), sensitivity=self.sensitivity(mention))

    def there(self, mentions: Int32s) -> Bools:
        """Return which of some mentions are there for the viewer."""
        open_to_all: Bools = self.index.guard[mentions] != SILENT
        if self.viewer.may_see_silent and not open_to_all.all():
            for place in (~open_to_all).nonzero()[0].tolist():
                open_to_all[place] = self.is_there(int(mentions[place]))
        return open_to_all & self.viewer.may_ask

    def shows_record(self, mention: int) -> bool:
        """Return whether the viewer may learn where a mention is recorded."""
        return record_shown(
            self.viewer, own=self.owned(mention), sensitivity=self.sensitivity(mention)
        )

    def shows_values(self, mention: int) -> bool:
        """Return whether the viewer may see what a mention says."""
        return values_shown(
            self.viewer, own=self.owned(mention), sensitivity=self.sensitivity(mention)
        )

    def rows(self, mentions: Iterable[int]) -> list[dict[str, Any]]:
        """Return what investigations are told of, a row a mention."""
        found = []
        for mention in mentions:
            row = self.index.row(mention, READ)
            row["sensitivity"] = self._marked(mention)
            found.append(row)
        return found

    def investigations(self, mentions: Sequence[int]) -> list[dict[str, Any]]:
        """Return the investigations and contacts of an entity as JSON values, as disclosed.

        Args:
            mentions: Those of the entity that are there for the viewer.
        """
        told = (disclosed(self.viewer, row) for row in standing(self.rows(mentions), self.as_of))
        return [as_json(row) for row in told if row is not None]

    def shared_investigations(self, mentions: Sequence[int]) -> list[dict[str, Any]]:
        """Return the same of an entity that only shares an identifier: less of it is shown.

        The class stays what it is in time; that identity is not asserted is what bounds the fields.
        """
        found = []
        for row in standing(self.rows(mentions), self.as_of):
            told = disclosed(self.viewer, row | {"class": "SHARED_IDENTIFIER"})
            if told is not None:
                found.append(as_json(told | {"class": row["class"]}))
        return found

    def _marked(self, mention: int) -> str | None:
        rank = int(self.index.guard[mention])
        return SENSITIVITIES[rank] if rank <= OPEN else None


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row whose dates are texts."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in row.items()
    }
