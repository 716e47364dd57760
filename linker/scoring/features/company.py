"""How much more common a name is than its words by themselves, from the company words keep."""

from __future__ import annotations

import numpy as np

from linker.compiled import compiled_once
from linker.scoring.features.pack import Int32s, Int64s

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Rows = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@compiled_once
def company_logs(
    words: Int32s, firsts: Int64s, counts: Int64s, groups: Rows, shares: Floats
) -> Floats:
    """Return log2 of how many times more common each name is than its words are by chance.

    A name draws a group of words that keep company, and the group draws the words: of a name whose
    words are w times as common as among all names in a group of share s, s w summed over groups. A
    word whose company is not known keeps that of the name's other words. (See the training.)

    Args:
        words: Codes of words, the words of a name one after the other.
        firsts: Where each name's words start.
        counts: How many words each name has.
        groups: By code and group, how many times more common the word is there; 0 where unknown.
        shares: The share of names of each group.
    """
    found = np.zeros(len(firsts))
    for name in range(len(firsts)):
        chances = shares.copy()
        known = 0
        for place in range(firsts[name], firsts[name] + counts[name]):
            word = words[place]
            if groups[word, 0] > 0:
                known += 1
                for group in range(len(shares)):
                    chances[group] *= groups[word, group]
        if known == 0:
            continue
        whole = chances.sum()
        unknown = counts[name] - known
        if unknown > 0:
            chances *= (chances / whole / shares) ** unknown
            whole = chances.sum()
        found[name] = np.log2(whole)
    return found


def together_logs(
    words: Int32s, counts: Int64s, logs: Floats, company: tuple[Rows, Floats] | None, alone: float
) -> Floats:
    """Return log2 of how frequent the words of each name are together, -inf where it has none.

    Floating-point sums and products depend on their order, and one name's words do not: they are
    taken by their frequency, so that Juan Cruz is as common as Cruz Juan to the last bit.

    Args:
        words: Codes of words, the words of a name one after the other.
        counts: How many words each name has.
        logs: By code, log2 of how frequent the word is.
        company: How many times more common each word is in each group, and the groups' shares (see
            `company_logs`); None where the model has no groups.
        alone: What is added where a name is one word.
    """
    name = np.repeat(np.arange(len(counts)), counts)
    apart = company[0][words, 0] if company else np.zeros(len(words))
    words = words[np.lexsort((apart, logs[words], name))]
    total: Floats = np.zeros(len(counts))
    total += np.bincount(name, weights=logs[words], minlength=len(counts))
    if company:
        total += company_logs(words, np.cumsum(counts) - counts, counts, *company)
    total[counts == 1] += alone
    found: Floats = np.where(counts > 0, total, -np.inf)
    return found
