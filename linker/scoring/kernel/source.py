"""The source of a model's kernel: ``weigh``, generated, and the runs, copied from `drive`.

``weigh`` first makes every cheap test, mostly of equal codes. A comparison that these decide has
its weight; of any other the best weight still possible is known. The sum of both bounds the pair's
weight. The dear comparisons follow one by one, each putting its weight in the place of its bound,
until the bound falls below the least weight or the weight is exact.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence

from linker.scoring.features.layout import Layout
from linker.scoring.kernel import drive
from linker.scoring.kernel.plan import Plan, PlannedComparison, PlannedLevel
from linker.scoring.levels import Kind

BLOCK = 4
"""Comparisons that are passed over at once where the records have nothing of what they compare."""
SLACK = 1e-6
"""Bits by which a bound must fall short to give a pair up: sums of doubles are not exact."""

_HEADER = '''\
"""Generated from the comparisons of a model; see linker.scoring.kernel.source."""

import numba

from linker.compiled import OPTIONS
from linker.scoring.kernel.drive import AHEAD, CACHE_LINE, Memory

NOTHING = -(2**31)
'''

_BEGINNING = """\
@numba.njit(**OPTIONS)
def weigh(a, b, place, memory, least):
    data, ends, lists = memory.data, memory.ends, memory.lists
    bits, caps, log_u = memory.bits, memory.caps, memory.log_u
    logs, starts, word_starts = memory.logs, memory.starts, memory.word_starts
    bound = memory.prior
    confirmed = False
"""

DRIVING = (
    (drive.found_before, "forceinline=True, "),
    (drive.ask_for_row, "forceinline=True, "),
    (drive.ask_for_runs, "forceinline=True, "),
    (drive.score_runs, "cache=KEEP, "),
)
"""The functions that every kernel has, in their order, and how each is compiled."""

TEST_ADDRESSES = "rows, data, ends, lists, logs, word_starts"
"""The addresses that a single test takes."""

_GIVEN_UP = "return False, 0.0, 0.0, False"


def kernel_source(plan: Plan, layout: Layout, *, tallied: bool = False) -> str:
    """Return the source of the module of a model.

    The weights themselves are arguments: a model that was trained anew mostly has the same source.

    Args:
        plan: The model's comparisons and their order.
        layout: Where the columns are.
        tallied: Whether `Kept.tally` counts the pairs that reach each dear comparison and those
            that are given up after it; row 0 counts all pairs and those given up at once.
    """
    parts = [_HEADER, "\n", _BEGINNING]
    parts += _indented(layout.sides.begin)
    for start in range(0, len(plan.comparisons), BLOCK):
        parts += _indented(_block(plan.comparisons[start : start + BLOCK], layout))
    parts += _indented(_given_up(0, tallied=tallied))
    for comparison in plan.dear:
        parts += _indented(_later(comparison, layout, tallied=tallied))
    parts += _indented(_whole(plan))
    for function, options in DRIVING:
        parts += ["\n\n", f"@numba.njit({options}**OPTIONS)\n", _without_types(function)]
    return "".join(parts)


def tests_source(kinds: Sequence[tuple[Kind, Layout]]) -> str:
    """Return the source of a module of single tests over pairs of rows, for DuckDB functions.

    Each takes the addresses of rows, data, ends, lists, logs and word_starts, and arrays of the
    left row of each pair, of the right one, and of whether the pair meets the test, which it fills.

    Args:
        kinds: Each kind, whose `Kind.function` names its test, and how its columns are packed.
    """
    parts = [_HEADER]
    for kind, layout in kinds:
        parts += [
            "\n\n@numba.njit(cache=KEEP, **OPTIONS)\n",
            f"def {kind.function}({TEST_ADDRESSES}, left, right, met):\n",
            "    for pair in range(len(met)):\n",
            f"        a = rows + {layout.row_bytes} * left[pair]\n",
            f"        b = rows + {layout.row_bytes} * right[pair]\n",
            *(f"        {line}\n" for line in layout.sides.begin),
            f"        met[pair] = {kind.test(layout.sides)}\n",
        ]
    return "".join(parts)


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}\n" for line in lines]


def _without_types(function: object) -> str:
    """Return the text of a function of `drive`; annotations do not matter to the compiler."""
    text = inspect.getsource(function)  # type: ignore[arg-type]
    head, _, rest = text.partition(") -> ")
    _, _, body = rest.partition(":\n")
    names = [part.partition(":")[0].strip() for part in head.partition("(")[2].split(",")]
    name = head.partition("(")[0]
    return f"{name}({', '.join(name for name in names if name)}):\n{body}"


def _block(comparisons: Sequence[PlannedComparison], layout: Layout) -> list[str]:
    """Return the lines of some comparisons' cheap tests, passed over where all are missing."""
    columns = [column for comparison in comparisons for column in comparison.levels[0].kind.columns]
    lines = [f"if {layout.sides.any_known(*columns)}:"]
    for comparison in comparisons:
        lines += [f"    {line}" for line in _at_once(comparison, layout)]
    lines.append("else:")
    for comparison in comparisons:
        n = comparison.number
        lines.append(f"    c{n}, t{n}, w{n} = 0, 0.0, 0.0")
    return lines


def _at_once(comparison: PlannedComparison, layout: Layout) -> list[str]:
    """Return the lines of a comparison's cheap tests, and of its bound where they do not decide."""
    n = comparison.number
    lines = [f"# {comparison.comparison.name}", f"t{n} = 0.0"]
    first = comparison.levels[: comparison.tested_at_once]
    for place, level in enumerate(first):
        lines += _branch(place, level, layout)
        lines += [f"    {line}" for line in _met(comparison, place, level, layout)]
        lines.append(f"    w{n} = float_at(bits, {level.number}) + t{n}")
    if comparison.is_dear:
        certain = None if first else comparison.levels[0].kind.certain(layout.sides)
        if certain:
            lines += [f"if {certain}:", f"    c{n}, w{n} = 0, 0.0"]
        lines.append("else:" if first or certain else "if True:")
        lines += [f"    {line}" for line in _bound(comparison, layout)]
    lines.append(f"bound += w{n}")
    best = 1
    if comparison.comparison.role == "biometric":
        lines += _confirming(comparison, best)
    return lines


def _confirming(comparison: PlannedComparison, best: int) -> list[str]:
    """Return the lines that mark a pair as confirmed where its biometric identifier is equal."""
    test = f"c{comparison.number} == {best}"
    if best >= comparison.tested_at_once:
        # whether it is met is known only later: nothing is given up before
        test = f"c{comparison.number} < 0"
    return [f"if {test}:", "    confirmed = True"]


def _branch(place: int, level: PlannedLevel, layout: Layout) -> list[str]:
    if level.kind.name == "else":
        return ["else:"]
    return [f"{'elif' if place else 'if'} {level.kind.test(layout.sides)}:"]


def _met(
    comparison: PlannedComparison, place: int, level: PlannedLevel, layout: Layout
) -> list[str]:
    """Return the lines for a level that is met: its place, and its term-frequency part."""
    n = comparison.number
    lines = [f"c{n} = {place}"]
    if level.trained.term_frequency:
        lines.append(f"t{n} = {_adjustment(level, layout)}")
    return lines


def _adjustment(level: PlannedLevel, layout: Layout) -> str:
    column = str(level.trained.term_frequency)
    codes = layout.sides.both(column)
    log_u = f"float_at(log_u, {level.number})"
    return f"adjustment({log_u}, logs + 8 * int64_at(starts, {level.number}), {codes})"


def _bound(comparison: PlannedComparison, layout: Layout) -> list[str]:
    """Return the lines that bound an undecided comparison by its best level still possible."""
    n = comparison.number
    rest = comparison.levels[comparison.tested_at_once :]
    lines = [f"c{n} = -1", f"w{n} = float_at(bits, {rest[-1].number})"]
    for level in rest[:-1]:
        weight = f"float_at(bits, {level.number})"
        if level.trained.term_frequency:
            weight += f" + {_adjustment(level, layout)}"
        test = f"{weight} > w{n}"
        possible = level.kind.test if level.cheap else level.kind.bound
        if condition := possible(layout.sides):
            test += f" and ({condition})"
        lines += [f"if {test}:", f"    w{n} = {weight}"]
    return lines


def _given_up(row: int, *, tallied: bool) -> list[str]:
    """Return the lines that give a pair up whose bound is too low."""
    lines = [f"if not confirmed and bound < least - {SLACK}:", f"    {_GIVEN_UP}"]
    if tallied:
        here, gone = 2 * row, 2 * row + 1
        lines.insert(1, f"    put_int64(memory.tally, {gone}, int64_at(memory.tally, {gone}) + 1)")
        lines.insert(0, f"put_int64(memory.tally, {here}, int64_at(memory.tally, {here}) + 1)")
    return lines


def _later(comparison: PlannedComparison, layout: Layout, *, tallied: bool) -> list[str]:
    """Return the lines of a comparison's other tests, and of the bound once they decided."""
    n = comparison.number
    lines = [f"# {comparison.comparison.name}", f"if c{n} < 0:"]
    first = comparison.tested_at_once
    for place, level in enumerate(comparison.levels[first:]):
        branch = _branch(place, level, layout)
        branch += [f"    {line}" for line in _met(comparison, first + place, level, layout)]
        lines += [f"    {line}" for line in branch]
    number = comparison.levels[0].number
    lines.append(f"    bound += float_at(bits, {number} + c{n}) + t{n} - w{n}")
    lines += [f"    {line}" for line in _given_up(n + 1, tallied=tallied)]
    return lines


def _whole(plan: Plan) -> list[str]:
    """Return the lines that add the exact weight up, in the order in which Splink adds."""
    lines = ["weight = memory.prior", "identity = 0.0", "confirmed = False"]
    for comparison in plan.comparisons:
        n, number = comparison.number, comparison.levels[0].number
        adjusted = any(level.trained.term_frequency for level in comparison.levels)
        parts = [f"float_at(bits, {number} + c{n})", *([f"t{n}"] if adjusted else [])]
        lines += [f"weight += {part}" for part in parts]
        if comparison.says_who:
            said = " + ".join(parts)
            if any(level.trained.relatives is not None for level in comparison.levels):
                said = f"min({said}, float_at(caps, {number} + c{n}))"
            lines.append(f"identity += {said}")
        if comparison.comparison.role == "biometric":
            lines += [f"if c{n} == 1:", "    confirmed = True"]
    lines += ["if weight < least and not confirmed:", f"    {_GIVEN_UP}", "if memory.found:"]
    count = len(plan.comparisons)
    for comparison in plan.comparisons:
        n = comparison.number
        lines.append(f"    put_int8(memory.found, {count} * place + {n}, c{n})")
        lines.append(f"    put_float(memory.parts, {count} * place + {n}, t{n})")
    return [*lines, "return True, weight, identity, confirmed"]
