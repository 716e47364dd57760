"""From a question to its candidates, scored: keys, mentions that share one, values in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from linker.blocking.hashing import Int32s
from linker.deconfliction.disclose import Viewer
from linker.deconfliction.index_keys import VALUE, value_keys, value_keys_of
from linker.errors import QueryError
from linker.lookup.query import Asked
from linker.lookup.scoring import Pairing, Scored
from linker.lookup.shelf import Shelf
from linker.lookup.then import Entities
from linker.lookup.view import View
from linker.model import weight_of
from linker.schemas import LIST_FIELDS
from linker.standardise.one import Mention
from linker.store.lookup_index.index import AskedKeys, Found

MOST_SCORED: Final = 2_000
"""So many candidates are compared, those whose shared keys tell the most."""
FIRST_SCORED: Final = 300
"""So many are compared at first; the others where none of these is as good as found."""
MOST_SILENT: Final = 500
"""So many of silent investigations, apart, so that they take nobody's place."""
MOST_FITTING: Final = 200
"""A pattern that more values fit says too little."""
SLACK: Final = 1e-6
"""Bits by which a candidate may fall short of the review threshold before it is given up."""
MOST_HOLDERS: Final = 20_000
"""So many who hold an identifier are looked at; it is no identifier then."""


@dataclass(frozen=True)
class Met:
    """What shares a key or a value with a question, before it is compared.

    Attributes:
        view: What the viewer may see.
        compared: The question as it is compared.
        there: Candidates that are there for the viewer, those that share the most telling keys
            first.
        unseen: Candidates that are not: of silent investigations of others.
        sharing: How many mentions share a key, as far as they were counted.
        passed: How many places of keys that very many share were passed over.
        rules: The blocking rules that had a key.
        holders: Column: who holds a value of the question's, that are there for the viewer.
        hidden_holders: The same, that are not.
        unfit: Columns whose pattern too many values fit.
    """

    view: View
    compared: Mention
    there: Int32s
    unseen: Int32s
    sharing: int
    passed: int
    rules: list[str]
    holders: Mapping[str, list[int]]
    hidden_holders: Mapping[str, list[int]]
    unfit: list[str]


@dataclass(frozen=True)
class Searched:
    """What a question found.

    Attributes:
        met: What shares a key or a value with it.
        scored: Candidates that are there for the viewer.
        hidden: Candidates that are not: of silent investigations of others.
        itself: What a record weighs that says exactly what the question does; see `Scoring.itself`.
    """

    met: Met
    scored: Scored
    hidden: Scored
    itself: float


def search(shelf: Shelf, asked: Asked, entities: Entities, viewer: Viewer) -> Searched:
    """Find and score the candidates of a question.

    Args:
        shelf: What is asked.
        asked: The question.
        entities: Whose the mentions are.
        viewer: Who asks.

    Raises:
        QueryError: The question names nothing that can be searched.
    """
    (met,) = meet(shelf, [asked], [entities], viewer)
    if isinstance(met, QueryError):
        raise met
    return compare(shelf, [met])[0]


def meet(
    shelf: Shelf,
    asked: Sequence[Asked],
    entities: Sequence[Entities],
    viewer: Viewer,
    *,
    alerts: bool = True,
) -> list[Met | QueryError]:
    """Find the candidates of some questions.

    Args:
        shelf: What is asked.
        asked: The questions.
        entities: Of each, whose the mentions are.
        viewer: Who asks.
        alerts: Whether those are looked for that the viewer is not told of.

    Returns:
        Of each question its candidates, or that it names nothing that can be searched.
    """
    index = shelf.index
    view = View(index, viewer, shelf.as_of)
    compared = [shelf.scoring.compared(one.mention) for one in asked]
    keys = shelf.maker.keys_of(compared)
    fitting = [_fitting(shelf, one) for one in asked]
    values = [
        {name: [*own.get(name, ()), *fit.get(name, ())] for name in {**own, **fit}}
        for own, (fit, _) in zip(
            value_keys_of(shelf.entity_type, [one.mention for one in asked]), fitting, strict=True
        )
    ]
    by_rule = [
        AskedKeys(
            [shelf.rules[rule] for rule, found in of_one.items() for _ in found],
            [key for found in of_one.values() for key in found],
        )
        for of_one in keys
    ]
    most_silent = MOST_SILENT if alerts or viewer.may_see_silent else 0
    candidates = index.candidates(by_rule, MOST_SCORED, most_silent)
    holders = _holders(shelf, values)
    found = zip(compared, keys, candidates, holders, fitting, strict=True)
    return [
        _met(_Found(view, *parts), whose, alerts=alerts)
        if by_rule[number].keys or values[number] or one.patterns
        else _nothing_to_search_by(one)
        for number, (one, whose, parts) in enumerate(zip(asked, entities, found, strict=True))
    ]


class _Found(NamedTuple):
    """What was found of a question."""

    view: View
    compared: Mention
    keys: Mapping[str, list[int]]
    candidates: tuple[Found, Found]
    holders: Mapping[str, Int32s]
    fitting: tuple[Mapping[str, list[int]], list[str]]


def _nothing_to_search_by(asked: Asked) -> QueryError:
    given = ", ".join(asked.fields).replace("_", " ")
    return QueryError(f"no blocking rule can search by {given} alone: add a name, or more of it")


def _met(found: _Found, entities: Entities, *, alerts: bool) -> Met:
    view, holders = found.view, found.holders
    open_to_all, silent = found.candidates
    fitting, unfit = found.fitting
    own, unseen = _split(view, silent.mentions)
    fit = [_split(view, holders[name])[0] for name in fitting if name in holders]
    seen = {name: _split(view, mentions) for name, mentions in holders.items()}
    return Met(
        view=view,
        compared=found.compared,
        there=entities.known(_distinct([own, *fit, open_to_all.mentions])),
        unseen=entities.known(unseen[: len(unseen) if alerts else 0]),
        sharing=open_to_all.sharing,
        passed=open_to_all.passed,
        rules=list(found.keys),
        holders={name: entities.known(here).tolist() for name, (here, _) in seen.items()},
        hidden_holders={name: rest.tolist() for name, (_, rest) in seen.items() if alerts},
        unfit=unfit,
    )


def compare(shelf: Shelf, met: Sequence[Met]) -> list[Searched]:
    """Score the candidates of some questions.

    Of many candidates the most telling ones are scored first; the others where none of these is as
    good as found. Of the others those are kept that could be the one asked for, or are nearer to it
    than all before.

    Args:
        shelf: What is asked.
        met: What each question met.
    """
    scoring, index = shelf.scoring, shelf.index
    questions = scoring.questions([one.compared for one in met])
    least = weight_of(shelf.thresholds.review) - SLACK
    first = [Pairing(number, one.there[:FIRST_SCORED]) for number, one in enumerate(met)]
    unseen = [Pairing(number, one.unseen, least) for number, one in enumerate(met)]
    scored = scoring.score_many(index, questions, first)
    hidden = scoring.score_many(index, questions, unseen)
    rest = [
        Pairing(number, one.there[FIRST_SCORED:], min(least, float(found.kept.weight.max())))
        for number, (one, found) in enumerate(zip(met, scored, strict=True))
        if len(one.there) > FIRST_SCORED and not shelf.surely_found(found)
    ]
    for pairing, more in zip(rest, scoring.score_many(index, questions, rest), strict=True):
        scored[pairing.question] = scored[pairing.question].with_more(more)
    itself = scoring.itself(questions).tolist()
    return [Searched(*each) for each in zip(met, scored, hidden, itself, strict=True)]


def _fitting(shelf: Shelf, asked: Asked) -> tuple[dict[str, list[int]], list[str]]:
    """Return by column the keys of the values that fit a pattern, and columns that too many fit."""
    keys: dict[str, list[int]] = {}
    unfit = []
    for name, patterns in asked.patterns.items():
        for pattern in patterns:
            values, count = shelf.index.fitting(name, pattern, MOST_FITTING)
            if count > MOST_FITTING:
                unfit.append(name)
            for value in values:
                mention = {name: [value] if name in LIST_FIELDS else value}
                keys.setdefault(name, []).extend(value_keys(asked.entity_type, mention)[name])
    return keys, unfit


def _holders(shelf: Shelf, values: Sequence[Mapping[str, list[int]]]) -> list[dict[str, Int32s]]:
    """Return for each question by column the living mentions that hold one of some values."""
    asked = AskedKeys(
        [f"{VALUE}{name}" for one in values for name, keys in one.items() for _ in keys],
        [key for one in values for keys in one.values() for key in keys],
    )
    mentions, starts = shelf.index.holders(asked)
    found: list[dict[str, Int32s]] = []
    number = 0
    for one in values:
        found.append({})
        for name, keys in one.items():
            parts = [
                mentions[starts[at] : starts[at + 1]][:MOST_HOLDERS]
                for at in range(number, number + len(keys))
            ]
            found[-1][name] = np.unique(np.concatenate(parts))
            number += len(keys)
    return found


def _split(view: View, mentions: Int32s) -> tuple[Int32s, Int32s]:
    """Return which of some mentions are there for the viewer, and which are not."""
    there = view.there(mentions)
    return mentions[there], mentions[~there]


def _distinct(parts: Sequence[Int32s]) -> Int32s:
    """Return the mentions of some parts, each once, in the order they first come."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:  # noqa: PLR2004 - of one part each is distinct already
        return filled[0] if filled else np.empty(0, dtype=np.int32)
    mentions = np.concatenate(filled)
    _, first = np.unique(mentions, return_index=True)
    return mentions[np.sort(first)]
