"""Whether both sides kept the same pairs at the same weights."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from linker.database import connect


@dataclass(frozen=True)
class Agreement:
    """How the kept pairs of two sides agree.

    Attributes:
        only_linker: Pairs that our side alone kept.
        only_splink: Pairs that Splink alone kept.
        largest_difference: Of the weights of pairs that both kept, in bits.
    """

    only_linker: int
    only_splink: int
    largest_difference: float

    @property
    def sets_equal(self) -> bool:
        """Whether both kept the same pairs."""
        return self.only_linker == 0 and self.only_splink == 0


def compare(linker: Path, splink: Path, least: float) -> Agreement:
    """Compare the pairs that both sides kept.

    Args:
        linker: Our Parquet file of pairs: mention_l, mention_r, match_weight.
        splink: Splink's.
        least: Our pairs below this weight are left out: equal biometric identifiers kept them.
    """
    with closing(connect(linker.parent)) as connection:
        found = connection.execute(
            "SELECT count(*) FILTER (s.match_weight IS NULL), "
            "count(*) FILTER (o.match_weight IS NULL), "
            "coalesce(max(abs(o.match_weight - s.match_weight)), 0.0) "
            "FROM (SELECT * FROM read_parquet($linker) WHERE match_weight >= $least) o "
            "FULL JOIN read_parquet($splink) s USING (mention_l, mention_r)",
            {"linker": str(linker), "splink": str(splink), "least": least},
        ).fetchall()
    return Agreement(*found[0])
