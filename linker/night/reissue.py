"""What an increment takes in: new and changed mentions, and those whose shared values count anew.

A value of an identifier that too many unlike records hold is demoted: its holders are compared
without it. A night can bring a value over that limit, or back. Its holders are then compared
otherwise than before, so they are taken in anew, as if their records had changed.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from linker.deconfliction.demotion_changes import demotion_changes
from linker.night.linked import Delta, Run, Taken
from linker.schemas import MENTIONS, RECORD
from linker.store.mention_table import held_in_memory
from linker.store.warehouse import Warehouse


def taken_in(run: Run, before: Warehouse, delta: Delta) -> Taken:
    """Return what an increment takes in.

    Args:
        run: The run.
        before: What the published generation holds.
        delta: What changed in the sources.
    """
    entity = before.entity_type
    limit = run.settings(entity).shared_value_limit
    demoted, holders = demotion_changes(
        before, run.demoted_before(entity), delta.mentions, delta.gone, limit
    )
    if not len(holders):
        return Taken(delta.mentions, delta.contents, delta.gone, demoted)
    new = delta.mentions.read(MENTIONS[entity]).with_columns(content=pl.Series(delta.contents))
    again = before.rows(holders, MENTIONS[entity]).with_columns(
        content=pl.Series(before.contents(holders))
    )
    whole = pl.concat([new, again]).sort(list(RECORD))
    whole = whole.with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))
    contents = whole["content"].to_numpy()
    gone = np.union1d(delta.gone, holders)
    return Taken(held_in_memory(entity, whole.drop("content")), contents, gone, demoted)
