"""Greek given names: the name in church and in papers, and those that everybody uses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from linker.standardise.tables import groups

_GIVEN_NAMES: Final = """
    george: georgios giorgos yiorgos yorgos georgos giorgis; ioannis: giannis yannis yiannis
    ioanis yannos; konstantinos: kostas costas constantinos kostantinos kostis; dimitrios:
    dimitris demetrios demetris mitsos; nikolaos: nikos nicos; panagiotis: panos
    panayiotis takis; athanasios: thanasis thanos nasos; evangelos: vangelis vaggelis evaggelos;
    vasileios: vasilis vassilis vasilios vassilios; spyridon: spyros spiros spiridon; emmanouil:
    manolis emanouil emmanuil; eleftherios: lefteris; anastasios: tasos anastassios; apostolos:
    tolis; christos: hristos; michail: michalis mihalis; antonios: antonis; stylianos: stelios;
    theodoros: thodoris thodoros; charalampos: haralambos charalambos babis haralampos;
    grigorios: grigoris; alexandros: alekos; efstathios: stathis; efthymios: thymios efthimios;
    iakovos: jakovos; aikaterini: katerina ekaterini; panagiota: giota yota; vasiliki: vasso
    vaso; ioanna: gianna
"""
"""The form that stands for the group, which one has no meaning, and the others.

General usage in Greece and Cyprus; not complete.
"""


@cache
def greek_roots() -> Mapping[str, str]:
    """Return the form that stands for each form of a given name."""
    return groups(_GIVEN_NAMES)
