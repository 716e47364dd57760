"""Examples of what another model changes: what each comparison says of a pair, before and after.

Values are masked unless asked for: of each field that either model reads it is only told whether
both records have it, and whether it is equal. Record ids are values too, for some sources name
their records by an identifier.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from linker.judging.changes import LINK, Changes
from linker.judging.linking import Linking
from linker.model import LinkageModel
from linker.night.records import Records
from linker.schemas import MENTIONS, ORGANIZATION_FIELDS, PERSON_FIELDS, RECORD, EntityType
from linker.scoring.explain import Evidence, ExplainedPair, explain
from linker.scoring.settings import model_columns
from linker.training.smooth import rounded

BECOMES: Final = "becomes a link"
CEASES: Final = "is a link no more"
_SAME: Final = 0.05
"""Comparisons whose weight changes by less, in bits, are not told of."""


def read_fields(entity_type: EntityType, *models: LinkageModel) -> list[str]:
    """Return the fields that any of the models compares, in the order of the mention's columns."""
    fields = PERSON_FIELDS if entity_type == "person" else ORGANIZATION_FIELDS
    read = {column for model in models for column in model_columns(model)}
    return [name for name in MENTIONS[entity_type] if name in read and name in fields]


def examples(
    changed: Changes,
    before: Linking,
    after: Linking,
    records: Records,
    *,
    most: int,
    show_values: bool,
) -> list[dict[str, Any]]:
    """Return the pairs that become links, and those that cease to be, whose weight changes most.

    Args:
        changed: What changes.
        before: By the one model.
        after: By the other.
        records: What both linked.
        most: So many of each kind.
        show_values: Whether to give record ids and values, and not only whether they are equal.

    Returns:
        JSON values, the largest change of each kind first.
    """
    chosen = pl.concat(
        [_largest(changed.pairs, most, becomes=True), _largest(changed.pairs, most, becomes=False)]
    )
    if chosen.is_empty():
        return []
    models = (before.in_use.model, after.in_use.model)
    fields = read_fields(records.entity_type, *models)
    numbers = pl.concat([chosen["mention_l"], chosen["mention_r"]]).unique().sort()
    held = pl.DataFrame(  # a column at a time, so that few are in memory whole
        records.mentions.read([name])[name].gather(numbers) for name in [*RECORD, *fields]
    )
    rows = dict(zip(numbers.to_list(), held.iter_rows(named=True), strict=True))
    said = [_said(chosen, linking) for linking in (before, after)]
    return [
        {
            "change": BECOMES if row["class_after"] == LINK else CEASES,
            "class_before": row["class_before"],
            "class_after": row["class_after"],
            "weight_before": rounded(row["weight_before"]),
            "weight_after": rounded(row["weight_after"]),
            "identity_before": rounded(said[0][place].identity_weight),
            "identity_after": rounded(said[1][place].identity_weight),
            "records": [
                {"source": side["source"]}
                | ({"record_id": side["record_id"]} if show_values else {})
                for side in (rows[row["mention_l"]], rows[row["mention_r"]])
            ],
            "fields": _fields(
                fields, rows[row["mention_l"]], rows[row["mention_r"]], show_values=show_values
            ),
            "comparisons": _comparisons(*(_by_name(told[place]) for told in said)),
        }
        for place, row in enumerate(chosen.iter_rows(named=True))
    ]


def _largest(pairs: pl.DataFrame, most: int, *, becomes: bool) -> pl.DataFrame:
    was, is_now = pl.col("class_before") == LINK, pl.col("class_after") == LINK
    found = pairs.filter(~was & is_now if becomes else was & ~is_now)
    change = (pl.col("weight_after") - pl.col("weight_before")).abs()
    order = [change, pl.col("mention_l"), pl.col("mention_r")]
    return found.sort(order, descending=[True, False, False]).head(most)


def _said(chosen: pl.DataFrame, linking: Linking) -> list[ExplainedPair]:
    """Return each pair with what a model's comparisons say of it."""
    left, right = (chosen[side].to_numpy().astype(np.int32) for side in ("mention_l", "mention_r"))
    told = {(pair.mention_l, pair.mention_r): pair for pair in explain(linking.packed, left, right)}
    return [told[pair] for pair in chosen.select("mention_l", "mention_r").iter_rows()]


def _by_name(pair: ExplainedPair) -> dict[str, Evidence]:
    return {said.comparison: said for said in pair.evidence}


def _comparisons(
    before: dict[str, Evidence], after: dict[str, Evidence]
) -> list[dict[str, str | float | None]]:
    """Return the comparisons that say something else than they did, the largest change first."""
    rows: list[tuple[float, dict[str, str | float | None]]] = []
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        was, now = (said.weight if said else 0.0 for said in (one, other))
        if abs(now - was) >= _SAME:
            row = {
                "comparison": name,
                "level_before": one.level if one else None,
                "level_after": other.level if other else None,
                "weight_before": rounded(was),
                "weight_after": rounded(now),
            }
            rows.append((-abs(now - was), row))
    return [row for _, row in sorted(rows, key=lambda found: (found[0], found[1]["comparison"]))]


def _fields(
    fields: list[str], one: dict[str, Any], other: dict[str, Any], *, show_values: bool
) -> list[dict[str, Any]]:
    found = []
    for field in fields:
        values = [one[field], other[field]]
        there = sum(value not in (None, []) for value in values)
        if not there:
            continue
        state = "missing in one"
        if there == len(values):
            state = "equal" if values[0] == values[1] else "different"
        told = {"field": field, "state": state}
        found.append(told | ({"values": list(map(_as_text, values))} if show_values else {}))
    return found


def _as_text(value: Any) -> str | None:  # noqa: ANN401 - what a column of mentions holds
    if value in (None, []):
        return None
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
