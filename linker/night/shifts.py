"""How far data moved away from what a model was trained on: two profiles compared.

Each measure has a limit of the configuration's section ``[drift]``. Beyond it, and beyond what
chance brings about (`linker.night.stability`), a model is due for retraining. Links count there for
as many as join their records: a crowd of records has many links that all say the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from linker.config.drift import DriftSettings
from linker.model import LinkageModel
from linker.night.profile import Profile
from linker.night.stability import Numbers, ratio_chance, share_chance, stability_index

NOTICED: Final = 0.4
"""From this part of a limit on a change is told of: the index's 0.1 of 0.25."""
CLASSES: Final = 10
"""Into about so many classes, of as many pairs each, match weights are put."""

State = Literal["as before", "noticed", "due"]


@dataclass(frozen=True)
class Shift:
    """One thing that may have changed.

    Attributes:
        what: fill, source fill, levels, weights, pairs, links, unknown values, records, source.
        name: The column, comparison or source, "" where there is but one.
        then: What it was; None of an index.
        now: What it is.
        change: How far it moved: a difference of shares, an index, or a ratio.
        limit: Beyond which the model is due, in the same terms.
        chance: What chance alone brings about, in the same terms.
        state: What follows.
        text: The same in words.
    """

    what: str
    name: str
    then: float | None
    now: float
    change: float
    limit: float
    chance: float
    state: State
    text: str


def shifts(
    now: Profile,
    then: Profile,
    limits: DriftSettings,
    model: LinkageModel,
    *,
    same_weights: bool = True,
) -> list[Shift]:
    """Return how far each thing moved from one profile to the other.

    Args:
        now: Of what is linked.
        then: Of the training data, or of an earlier generation.
        limits: What is too far.
        model: The model in use; of its comparisons levels are compared.
        same_weights: Whether both were scored by the same model with the same prior.
    """
    return [
        *_fills(now, then, limits),
        *_sources(now, then, limits),
        *_source_fills(now, then, limits),
        *levels_shifts(now, then.levels, then.independent_links, limits, model),
        *([_weights(now, then, limits)] if same_weights and now.pairs and then.pairs else []),
        *_a_record(now, then, limits),
        *(_unknown(now, then, limits) if same_weights else []),
    ]


def levels_shifts(
    now: Profile,
    then: Mapping[str, Sequence[float]],
    links: float,
    limits: DriftSettings,
    model: LinkageModel,
) -> Iterator[Shift]:
    """Yield how far the levels that links meet shifted, a comparison each.

    Args:
        now: What is linked; levels that say that something is missing do not count.
        then: By comparison the share of links that met each level, or were expected to.
        links: Of how many independent links that is told; `CERTAIN` of what a model
            expects.
        limits: What is too far.
        model: Says what its levels are.
    """
    for comparison in model.comparisons:
        name, levels = comparison.name, comparison.levels
        shares, before = now.levels.get(name, ()), then.get(name, ())
        if not len(shares) == len(before) == len(levels):  # of another model, or there are no links
            continue
        skip = sum(level.is_missing for level in levels)
        found, expected = np.array(shares[skip:]), np.array(before[skip:])
        count = now.independent_links * float(found.sum())
        count_then = links * float(expected.sum()) if expected.sum() else 0.0
        if count < 1 or count_then < 1:
            continue
        expected, found = expected / expected.sum(), found / found.sum()
        index, chance = stability_index(expected, found, (count_then, count))
        state = _state(index, chance, limits.level_shift)
        text = (
            f"levels of {name} among links: stability index {index:.3f} "
            f"(limit {limits.level_shift:g}, chance {chance:.3f})"
        )
        if state in ("noticed", "due"):
            most = int(np.abs(found - expected).argmax())
            text += (
                f"; most at {levels[most + skip].label!r}, {expected[most]:.1%} then and "
                f"{found[most]:.1%} now"
            )
        yield Shift("levels", name, None, index, index, limits.level_shift, chance, state, text)


def records_shift(now: Profile, model: LinkageModel, limits: DriftSettings) -> Shift | None:
    """Return how many times more or fewer records there are than a model's prior is for."""
    trained_on = model.training.get("records")
    if not isinstance(trained_on, int) or trained_on < 1:
        return None
    times = now.records / trained_on
    size = math.log(max(times, 1 / max(times, 1e-9)))
    state = _state(size, 0.0, math.log(limits.records_times))
    text = (
        f"records: {now.records:,}, and the model's prior is for {trained_on:,} "
        f"(limit {limits.records_times:g} times as many or as few)"
    )
    if state == "due":
        text += f"; or set {model.entity_type}.expected_records = {now.records}"
    return Shift(
        "records", "", trained_on, now.records, times, limits.records_times, 0.0, state, text
    )


def _state(size: float, chance: float, limit: float) -> State:
    if size <= chance or size <= NOTICED * limit:
        return "as before"
    return "due" if size > limit else "noticed"


def _fills(now: Profile, then: Profile, limits: DriftSettings) -> Iterator[Shift]:
    counts = _told_by(then), _told_by(now)
    for columns, shares in _together(then.fills, now.fills):
        told = f"records with {_spoken(columns)}"
        yield _share_shift(("fill", ", ".join(columns), told), shares, counts, limits.fill_change)


def _source_fills(now: Profile, then: Profile, limits: DriftSettings) -> Iterator[Shift]:
    """Yield which fields of a source are filled otherwise; those filled as before are not told."""
    for source in sorted(now.by_source.keys() & then.by_source.keys()):
        counts = float(then.sampled[source]), float(now.sampled[source])
        small = now.sources[source] < limits.source_share * now.records
        for columns, shares in _together(then.by_source[source], now.by_source[source]):
            name = f"{source}: {', '.join(columns)}"
            told = f"records of source {source} with {_spoken(columns)}"
            found = _share_shift(("source fill", name, told), shares, counts, limits.fill_change)
            if found.state != "as before":
                yield replace(found, state="noticed") if small else found


def _together(
    then: Mapping[str, float], now: Mapping[str, float]
) -> list[tuple[tuple[str, ...], tuple[float, float]]]:
    """Return the shares of columns then and now; those that are filled alike are one line.

    A birth date, its year and its month come and go together, and are one change.
    """
    found: dict[tuple[float, float], list[str]] = {}
    for column in then:
        if column in now:
            found.setdefault((then[column], now[column]), []).append(column)
    return [(tuple(columns), shares) for shares, columns in found.items()]


def _share_shift(
    words: tuple[str, str, str],
    shares: tuple[float, float],
    counts: tuple[float, float],
    limit: float,
    *,
    only_gain: bool = False,
) -> Shift:
    """Return the shift of a share: its kind, name and words, what it was and is, of how many."""
    what, name, told = words
    then, now = shares
    chance = share_chance(shares, counts)
    change = now - then
    size = change if only_gain else abs(change)
    text = (
        f"{told}: {then:.1%} then, {now:.1%} now, {100 * change:+.1f} points "
        f"(limit {100 * limit:g}, chance {100 * chance:.1f})"
    )
    return Shift(what, name, then, now, change, limit, chance, _state(size, chance, limit), text)


def _sources(now: Profile, then: Profile, limits: DriftSettings) -> Iterator[Shift]:
    for source in sorted(now.sources.keys() - then.sources.keys()):
        share = now.sources[source] / max(now.records, 1)
        state: State = "due" if share > limits.source_share else "noticed"
        text = (
            f"source {source}: new, {share:.1%} of the records "
            f"(limit {100 * limits.source_share:g}%)"
        )
        yield Shift("source", source, 0.0, share, share, limits.source_share, 0.0, state, text)
    for source in sorted(then.sources.keys() - now.sources.keys()):
        share = then.sources[source] / max(then.records, 1)
        text = f"source {source}: gone, {share:.1%} of the records then"
        limit = limits.source_share
        yield Shift("source", source, share, 0.0, -share, limit, 0.0, "noticed", text)


def _weights(now: Profile, then: Profile, limits: DriftSettings) -> Shift:
    edges = _classes(then)
    shares = [_by_class(profile, edges) for profile in (then, now)]
    counts = [profile.pairs * _independence(profile) for profile in (then, now)]
    index, chance = stability_index(shares[0], shares[1], (counts[0], counts[1]))
    limit = limits.weight_shift
    state = _state(index, chance, limit)
    text = (
        f"match weights of pairs above the review threshold: stability index {index:.3f} "
        f"(limit {limit:g}, chance {chance:.3f})"
    )
    return Shift("weights", "", None, index, index, limit, chance, state, text)


def _classes(profile: Profile) -> Numbers:
    """Return the upper edges of classes of match weights that hold about as many pairs each."""
    pairs = np.array(profile.weights["pairs"], dtype=np.float64)
    reached = np.floor(np.cumsum(pairs) / pairs.sum() * CLASSES - 1e-9)
    uppers = np.array(profile.weights["edges"][1:], dtype=np.float64)
    closed = np.diff(reached, prepend=0.0) > 0
    closed[-1] = False  # above the last edge all is one class
    found: Numbers = uppers[closed]
    return found


def _by_class(profile: Profile, edges: Numbers) -> Numbers:
    lows = np.array(profile.weights["edges"][:-1], dtype=np.float64)
    places = np.searchsorted(edges, lows, side="right")
    sums = np.bincount(places, weights=profile.weights["pairs"], minlength=len(edges) + 1)
    found: Numbers = sums / sums.sum()
    return found


def _a_record(now: Profile, then: Profile, limits: DriftSettings) -> Iterator[Shift]:
    """Yield how pairs and links a record changed; of a sample's pairs only a part is seen."""
    scale = then.total / max(then.records, 1)
    for what, told, limit, counts in (
        ("pairs", "pairs above the review threshold", limits.pairs_change, (then.pairs, now.pairs)),
        ("links", "links", limits.links_change, (then.links, now.links)),
    ):
        before, after = (
            counts[0] / max(then.records, 1) * scale,
            counts[1] / max(now.records, 1),
        )
        if not counts[0] or not now.records:
            continue
        independent = (
            counts[0] * _independence(then),
            counts[1] * _independence(now),
        )
        chance = ratio_chance(independent)
        ratio = after / before
        size = abs(math.log(max(ratio, 1e-9)))
        state = _state(size, chance, math.log1p(limit))
        text = (
            f"{told} a record: {before:.3g} then, {after:.3g} now, {ratio:.2f} times "
            f"(limit {1 + limit:g} times as many or as few, chance {math.exp(chance):.2f})"
        )
        yield Shift(what, "", before, after, ratio, 1 + limit, math.exp(chance), state, text)


def _unknown(now: Profile, then: Profile, limits: DriftSettings) -> Iterator[Shift]:
    counts = _told_by(then), _told_by(now)
    for column in sorted(now.term_frequencies.keys() & then.term_frequencies.keys()):
        yield _share_shift(
            (
                "unknown values",
                column,
                f"values of {_spoken([column])} that the model does not know",
            ),
            (then.term_frequencies[column], now.term_frequencies[column]),
            (
                counts[0] * then.fills.get(column, 1.0),
                counts[1] * now.fills.get(column, 1.0),
            ),
            limits.unknown_gain,
            only_gain=True,
        )


def _told_by(profile: Profile) -> float:
    """Return of how many records shares are told, weighed as sources are (Kish 1965)."""
    spread = sum(
        profile.sources[name] ** 2 / max(sampled, 1) for name, sampled in profile.sampled.items()
    )
    whole = sum(profile.sources[name] for name in profile.sampled)
    return whole**2 / spread if spread else 0.0


def _independence(profile: Profile) -> float:
    """Return which part of the links looked at are enough to join their records."""
    if not profile.sampled_links:
        return 1.0
    return max(profile.independent_links / profile.sampled_links, 1 / profile.sampled_links)


def _spoken(columns: Sequence[str]) -> str:
    return ", ".join(columns).replace("_", " ")
