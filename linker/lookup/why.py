"""Why a stated record does or does not match a question, and what would have changed it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from linker.blocking.values import record_keys
from linker.deconfliction.disclose import Viewer
from linker.errors import QueryError
from linker.evidence.counterfactual import would_change
from linker.evidence.verdict import Verdict
from linker.lookup.query import Asked
from linker.lookup.shelf import Shelf
from linker.lookup.view import View
from linker.model import weight_of
from linker.store.lookup_index.index import AskedKeys
from linker.store.record_keys import RECORD

_NO_SUCH: Final = (
    "there is no such record, or you may not see it; lookups and entities show records"
)


def why(shelf: Shelf, asked: Asked, record: tuple[str, str], viewer: Viewer) -> dict[str, Any]:
    """Explain one record against a question.

    Args:
        shelf: What is asked.
        asked: The question.
        record: Source and record id.
        viewer: Who asks.

    Raises:
        QueryError: There is no such record that the viewer may see.
    """
    view = View(shelf.index, viewer, shelf.as_of)
    mention = _mention_of(shelf, record)
    if mention is None or not view.is_there(mention) or not view.shows_record(mention):
        raise QueryError(_NO_SUCH)
    scoring = shelf.scoring
    compared = scoring.compared(asked.mention)
    scored = scoring.score(shelf.index, compared, np.array([mention], dtype=np.int32))
    kept = scored.kept
    near = bool(shelf.near(scored))
    confirmed = bool(kept.confirmed[0])
    verdict: Verdict = shelf.tier(scored, 0, confirmed=confirmed) if near else "NO_MATCH"
    evidence, known = scoring.evidence(scored, 0), scored.known(0)
    model, thresholds = scoring.in_use.model, shelf.thresholds
    changes = would_change(evidence, model, thresholds, known)
    return {
        "entity_type": shelf.entity_type,
        "source": record[0],
        "record_id": record[1],
        "verdict": verdict,
        "match_weight": round(float(kept.weight[0]), 6),
        "match_probability": round(float(scored.probabilities[0]), 9),
        "identity_weight": round(float(kept.identity[0]), 6),
        "prior_weight": model.prior_weight,
        "needed": {
            "review": round(weight_of(thresholds.review), 6),
            "link": round(weight_of(thresholds.link), 6),
            "identity": thresholds.identity_floor,
        },
        "rules_met": _rules_met(shelf, compared, mention),
        "summary": shelf.summary(scored, 0, verdict),
        "evidence": scoring.in_words(scored, 0),
        "would_change": [
            {
                "comparison": change.comparison,
                "reason": change.reason,
                "words": change.words,
                "weight_after": change.weight_after,
                "verdict_after": change.verdict_after,
            }
            for change in changes
        ],
        "generation": shelf.generation.number,
        "model": scoring.in_use.name,
    }


def _mention_of(shelf: Shelf, record: tuple[str, str]) -> int | None:
    """Return the living mention of a record."""
    frame = pl.DataFrame({"source": [record[0]], "record_id": [record[1]]})
    keys = record_keys(frame).tolist()
    found, _ = shelf.index.holders(AskedKeys([RECORD] * len(keys), keys))
    for mention in found.tolist():
        row = shelf.index.row(mention, ("source", "record_id"))
        if (row["source"], row["record_id"]) == record:
            return int(mention)
    return None


def _rules_met(shelf: Shelf, compared: dict[str, object], mention: int) -> list[str]:
    """Return the blocking rules by which the record is found."""
    met = []
    for rule, keys in shelf.maker.keys(compared).items():
        asked = AskedKeys([shelf.rules[rule]] * len(keys), keys)
        if mention in shelf.index.holders(asked)[0]:
            met.append(rule)
    return met
