"""Records looked up by their own values: their own entity comes first, the weights are the batch's.

A record that is asked for by all it says should be found, and before all others. The weights that
its question gives to other records are held against the scored pairs of the generation, where both
records were a candidate pair, to the last bit but rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benchmarks.lookup.known import Fields
from linker.blocking.hashing import Int32s
from linker.deconfliction.disclose import REQUESTER
from linker.errors import QueryError
from linker.lookup.candidates import Searched, search
from linker.lookup.desk import Desk
from linker.lookup.query import Asked, read_question
from linker.lookup.question import Question
from linker.lookup.scoring import Scored
from linker.lookup.shelf import Shelf
from linker.lookup.then import Entities, entities_at
from linker.schemas import EntityType
from linker.scoring.kernel.drive import Floats

FIRST: Final = "first"
SAME: Final = 1e-9
"""Weights that differ by no more are equal."""


@dataclass(frozen=True)
class Own:
    """A record to be looked up by its own values.

    Attributes:
        entity: What it is of.
        fields: What it says, as its source wrote it.
        number: Its mention's.
    """

    entity: EntityType
    fields: Fields
    number: int


@dataclass(frozen=True)
class Outcome:
    """What became of one record.

    Attributes:
        why: ``first`` where its entity came first; otherwise why not.
        same: Whether its question is compared as the record is.
        pairs: Of the pairs it has in the generation, how many were scored again.
        difference: The largest difference of their weights, in bits.
    """

    why: str
    same: bool
    pairs: int = 0
    difference: float = 0.0


class Pairs:
    """The scored pairs of a generation, found by one of their mentions."""

    def __init__(self, desk: Desk, entity: EntityType) -> None:
        """Read them."""
        pairs = desk.shelf(entity).index.held.pairs(["mention_l", "mention_r", "match_weight"])
        left, right = (pairs[name].to_numpy().astype(np.int32) for name in pairs.columns[:2])
        weight = pairs["match_weight"].to_numpy()
        one, other = np.concatenate([left, right]), np.concatenate([right, left])
        order = np.argsort(one, kind="stable")
        self._one, self._other = one[order], other[order]
        self._weight = np.concatenate([weight, weight])[order]

    def of(self, mention: int) -> tuple[Int32s, Floats]:
        """Return the other mentions of the pairs of one, ascending, and the weights."""
        first, last = np.searchsorted(self._one, [mention, mention + 1])
        order = np.argsort(self._other[first:last], kind="stable")
        return self._other[first:last][order], self._weight[first:last][order]


def own_values(desk: Desk, entity: EntityType, sample: Sequence[Own]) -> dict[str, Any]:
    """Look records up by their own values.

    Args:
        desk: Whom to ask.
        entity: What the records are of.
        sample: The records, of this type.

    Returns:
        ``asked``, ``first``: how many came first; ``others``: why others did not, and how many;
        ``same_mention``: how many questions are compared as the record is; ``pairs``: how many
        weights were held against the generation's, of these, and ``max_weight_difference``, in
        bits.
    """
    shelf, pairs = desk.shelf(entity), Pairs(desk, entity)
    entities = entities_at(desk.store, desk.generation, shelf.index, entity, None)
    outcomes = [_outcome(desk, shelf, entities, pairs, one) for one in sample]
    counts = Counter(outcome.why for outcome in outcomes)
    same = [outcome for outcome in outcomes if outcome.same]
    return {
        "asked": len(outcomes),
        "first": counts.pop(FIRST, 0),
        "others": dict(counts.most_common()),
        "same_mention": len(same),
        "pairs": sum(outcome.pairs for outcome in same),
        "max_weight_difference": max((one.difference for one in same), default=0.0),
    }


def _outcome(desk: Desk, shelf: Shelf, entities: Entities, pairs: Pairs, own: Own) -> Outcome:
    question = Question(shelf.entity_type, own.fields)
    try:
        asked = read_question(question, desk.generation.as_of)
        found = search(shelf, asked, entities, REQUESTER)
    except QueryError:
        return Outcome("it says nothing that can be searched by", same=False)
    same = _same(shelf, asked, own.number)
    why = _why(shelf, entities, found, own.number, same=same)
    count, difference = _against(found.scored, *pairs.of(own.number))
    return Outcome(why, same, count, difference)


def _same(shelf: Shelf, asked: Asked, number: int) -> bool:
    """Return whether a question is compared as a record is: every column that counts is equal."""
    columns = list(shelf.scoring.scorer.layout.slots)
    compared = shelf.scoring.compared(asked.mention)
    held = shelf.scoring.compared(
        {
            name: value
            for name, value in shelf.index.row(number, columns).items()
            if value is not None
        }
    )
    return all(compared.get(name) == held.get(name) for name in columns)


def _why(shelf: Shelf, entities: Entities, found: Searched, number: int, *, same: bool) -> str:
    """Return `FIRST`, or why the record's own entity does not come first."""
    scored = found.scored
    own = entities.serial(number)
    near = shelf.near(scored)
    if near and entities.serial(int(scored.mentions[near[0]])) == own:
        return FIRST
    places = (scored.mentions == number).nonzero()[0]
    if not len(places):
        crowded = found.met.sharing > len(scored.mentions)
        return "too many share its keys" if crowded else "no key finds it"
    if not near:
        return "it says too little to be a match of itself"
    ahead = float(scored.kept.weight[near[0]] - scored.kept.weight[places[0]])
    if abs(ahead) <= SAME:
        return "a record of another entity says the same, or nothing else that counts"
    read = "as it is" if same else "otherwise than its source's column"
    return f"a record of another entity agrees better (it was read {read})"


def _against(scored: Scored, others: Int32s, weights: Floats) -> tuple[int, float]:
    """Return how many of a record's pairs were scored again, and how much their weights differ."""
    if not len(others):
        return 0, 0.0
    places = np.minimum(np.searchsorted(others, scored.mentions), len(others) - 1)
    met = others[places] == scored.mentions
    differences = np.abs(scored.kept.weight[met] - weights[places[met]])
    return int(met.sum()), float(differences.max(initial=0.0))
