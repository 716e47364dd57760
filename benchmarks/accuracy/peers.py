"""What other engines reach on the same sets, as published or as measured beside this project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True)
class Peer:
    """A peer's pairwise figures on a set; precision and recall where they are known.

    ``published`` figures are the peer's own or those of the set's authors; the others were measured
    on the same records as ours. Both are from the table of the shared data's README.
    """

    set: str
    name: str
    f1: float
    precision: float | None = None
    recall: float | None = None
    origin: Literal["published", "measured"] = "measured"


PEERS: Final = (
    Peer("ofac_people", "Splink 5", 0.282),
    Peer("ofac_people", "GoldenMatch", 0.317),
    Peer("ofac_organizations", "Splink 5", 0.180),
    Peer("historical_50k", "Splink, hand-tuned", 0.757, 0.966, 0.623, "published"),
    Peer("historical_50k", "GoldenMatch", 0.827, origin="published"),
    Peer("historical_50k", "Splink 5", 0.828, 0.921, 0.752),
    Peer("historical_50k", "GoldenMatch 3.22, zero-config", 0.840, 0.948, 0.754),
    Peer("pseudopeople", "Splink 5", 0.968, 0.945, 0.992),
    Peer("pseudopeople", "GoldenMatch", 0.783),
    Peer("senzing_truthset", "Senzing 4", 0.946, 1.000, 0.898, "published"),
    Peer("senzing_truthset", "Splink 5", 0.366),
    Peer("febrl3", "Splink", 0.965, origin="published"),
    Peer("febrl3", "GoldenMatch", 0.996, origin="published"),
    Peer("febrl3", "Splink 5", 0.9996),
    Peer("febrl3", "GoldenMatch", 0.994),
    Peer("febrl3", "recordlinkage ECM", 0.9999),
    Peer("febrl4", "Splink 5", 0.9998),
    Peer("febrl4", "GoldenMatch", 0.998),
    Peer("febrl4", "recordlinkage ECM", 0.9994),
    Peer("name_bench", "logic-v2", 0.790, origin="published"),
    Peer("name_bench_person", "logic-v2", 0.742, origin="published"),
    Peer("name_bench_organization", "logic-v2", 0.865, origin="published"),
)
