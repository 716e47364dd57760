"""The public sets by name, and where they lie."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.commands import PROJECT
from benchmarks.real.dataset import SetMaker
from benchmarks.real.dupehell import contacts, kyc, patrons
from benchmarks.real.er_evaluation import inventors, rldata_10000
from benchmarks.real.fake import fake_1000
from benchmarks.real.febrl import febrl3, febrl4
from benchmarks.real.historical import historical_50k
from benchmarks.real.mismo import affiliations, applicants, febrl2, rldata_500
from benchmarks.real.ofac import ofac_organizations, ofac_people
from benchmarks.real.pseudopeople import pseudopeople, pseudopeople_employers
from benchmarks.real.senzing import senzing_truthset

SETS: Mapping[str, SetMaker] = {
    maker.__name__: maker
    for maker in (
        ofac_people,
        ofac_organizations,
        historical_50k,
        pseudopeople,
        pseudopeople_employers,
        senzing_truthset,
        fake_1000,
        febrl3,
        febrl4,
    )
}
OTHERS: Mapping[str, SetMaker] = {
    maker.__name__: maker
    for maker in (
        inventors,
        rldata_10000,
        kyc,
        contacts,
        patrons,
        applicants,
        affiliations,
        febrl2,
        rldata_500,
    )
}
"""Sets that are fetched first, and that ``--all`` leaves out."""
DATA = PROJECT.parent / "shared" / "data"
