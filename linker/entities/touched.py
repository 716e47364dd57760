"""Which components of links a night's changes touch: those alone are clustered anew.

What a component's clusters are depends on its mentions, on their links, and on the other scored
pairs between them. So a component is touched where one of its mentions is gone, where a link of it
is new or void, where another pair within it is, and where a decision about its records came or
went. A pair that is no link, between two components, touches neither.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from linker.scoring.features.pack import Int32s, Int64s

Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]


def touched_mentions(
    components: Int32s, gone: Int64s, changed_pairs: pl.DataFrame, others: Int64s
) -> Bools:
    """Return by number which mentions are in a touched component, those that are gone included.

    Args:
        components: By number the component of each mention; a new mention is one by itself.
        gone: The mentions that are gone.
        changed_pairs: ``mention_l``, ``mention_r`` and ``link`` of pairs that are new or void.
        others: Further mentions whose components are touched: new ones, those decided about.
    """
    left = components[changed_pairs["mention_l"].to_numpy()]
    right = components[changed_pairs["mention_r"].to_numpy()]
    counts = changed_pairs["link"].to_numpy() | (left == right)
    touched = np.zeros(len(components), dtype=np.bool_)
    for ends in (left[counts], right[counts], components[gone], components[others]):
        touched[ends] = True
    found: Bools = touched[components]
    return found
