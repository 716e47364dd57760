"""Tests of the names and kinds of organizations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.organizations import (
    acronym,
    canonical_organization,
    organization_tokens,
    read_organization,
    read_organization_kind,
)

NAMES = [
    # text, name, legal form, aliases
    ("Transportes del Norte, S.A. de C.V.", "transportes del norte", "sa de cv", ""),
    ("TRANSPORTES DEL NORTE S. A. DE C. V.", "transportes del norte", "sa de cv", ""),
    (
        "Transportes del Norte Sociedad Anónima de Capital Variable",
        "transportes del norte",
        "sa de cv",
        "",
    ),
    ("Grupo Fletes S. de R.L. de C.V.", "grupo fletes", "s de rl de cv", ""),
    ("Innova SAPI de CV", "innova", "sapi de cv", ""),
    ("Anglo-Caribbean Co., Ltd.", "anglo caribbean", "co ltd", ""),
    ("Acme Limited", "acme", "ltd", ""),
    ("Acme L.L.C.", "acme", "llc", ""),
    ("Smith & Sons Inc", "smith and sons", "inc", ""),
    ("OOO Gazprom", "gazprom", "ooo", ""),
    ("Товариство з обмеженою відповідальністю «Явір»", "yavir", "tov", ""),
    ("华为技术有限公司", "huaweijishu", "co ltd", ""),
    ("株式会社トヨタ", "toyota", "co ltd", ""),
    ("(주) 삼성", "samseong", "co ltd", ""),
    ("Общество с ограниченной ответственностью «Байкал»", "baykal", "ooo", ""),  # noqa: RUF001
    ("Акционерное общество Муром", "murom", "ao", ""),
    ("Societatea cu Răspundere Limitată PRO TRAFFIC", "pro traffic", "srl", ""),
    ("Siemens Aktiengesellschaft", "siemens", "ag", ""),
    ("EMMR y Compañía S.A.S.", "emmr", "cia sas", ""),
    ("First Bank Int'l", "first bank international", "", ""),
    ("1st International Bank", "first international bank", "", ""),
    ("Brigade Forty-Four", "brigade 44", "", ""),
    ("Siemens Aktiengeselschaft", "siemens", "ag", ""),
    ("Acme Coporation", "acme", "corp", ""),
    ("Acme Trading Limted", "acme trading", "ltd", ""),
    ("Limiter", "limiter", "", ""),
    ("LLC Mokran", "mokran", "llc", ""),
    ("N.V. Nutricia", "nutricia", "nv", ""),
    ("Naamloze Vennootschap Nutricia, Zoetermeer, NL", "nutricia zoetermeer nl", "nv", ""),
    ("PT. Astra Internasional Tbk", "astra internasional", "pt tbk", ""),
    ("Công ty TNHH Hoàng Long", "hoang long", "cong ty tnhh", ""),
    ("Unilever N.V., Rotterdam, NL", "unilever", "nv", ""),
    ("Unilever N.V.,, Den Haag", "unilever", "nv", ""),
    ("Daesong Co., Ltd., Pyongyang, North Korea", "daesong", "co ltd", ""),
    ("Acme Inc., Aviation Division", "acme inc aviation division", "", ""),
    ("Acme Inc., dba Road Runner", "acme", "inc", "road runner"),
    ("Acme Inc., Xa, Xe, Xi, Xo, Xu", "acme inc xa xe xi xo xu", "", ""),
    ("Acme, Rotterdam", "acme rotterdam", "", ""),
    ("Universal Exports, USA", "universal exports", "", ""),
    ("Acme, Mexico", "acme mexico", "", ""),
    ("LLC", "llc", "", ""),
    ("S.A.", "sa", "", ""),
    ("The Company", "the company", "", ""),
    ("A.B.C. Trucking", "abc trucking", "", ""),
    ("Acme Corp dba Road Runner LLC", "acme", "corp", "road runner"),
    ("Acme d/b/a Road Runner", "acme", "", "road runner"),
    ("Acme, doing business as Road Runner", "acme", "", "road runner"),
    ("BNC a.k.a. Banco Nacional f.k.a. Banco", "bnc", "", "banco|banco nacional"),
    ("Cartel de Jalisco Nueva Generación (CJNG)", "cartel de jalisco nueva generacion", "", "cjng"),
    ("Siemens (Mexico) SA de CV", "siemens mexico", "sa de cv", ""),
    ("dba Road Runner", "road runner", "", ""),
    ("unknown", "", "", ""),
    ("", "", "", ""),
]


@pytest.mark.parametrize(("text", "name", "legal_form", "aliases"), NAMES)
def test_names(text: str, name: str, legal_form: str, aliases: str) -> None:
    """A name comes without legal form and other names, which are told apart."""
    assert tuple(read_organization(text))[:3] == (name, legal_form, aliases)


def test_tokens_and_acronyms_leave_particles_out() -> None:
    """Articles and prepositions count neither as words nor as initials."""
    assert organization_tokens("cartel de jalisco") == "cartil jaliscu"
    assert organization_tokens("los") == "los"
    assert organization_tokens("transportes del norte") == "nurti transport"
    assert acronym("cartel de jalisco nueva generacion") == "cjng"
    assert acronym("acme") is None
    assert acronym("de acme") is None


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Banco Santander México S.A.", "MX"),
        ("Banco Santander S.A.", ""),
        ("Iran and United Arab Emirates Shipping", "AE IR"),
        ("Acme U.S.A., Inc.", "US"),
        ("National Bank of Papua New Guinea", "PG"),
        ("University of Leipzig, Germany", ""),
        ("Mex Cars", ""),
    ],
)
def test_countries_in_a_name(name: str, codes: str) -> None:
    """The longest name of a country counts; codes are words like others, and a place is a place."""
    assert read_organization(name).countries == codes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Criminal Organization", "criminal_org"),
        ("cartel", "criminal_org"),
        ("front_company", "front_company"),
        ("Transportista", "carrier"),
        ("Agency", "agency"),
        ("club", "unknown"),
    ],
)
def test_kinds(text: str, expected: str) -> None:
    """Kinds have five values; what is none of the others is unknown."""
    assert read_organization_kind(text) == expected


PIECES = st.lists(
    st.sampled_from(
        [
            "Acme",
            "S.A.",
            "de",
            "C.V.",
            "&",
            "Co",
            "Ltd",
            "(Mexico)",
            "(X)",
            "dba",
            "a",
            "k",
            "LLC",
            "a.k.a.",
            "OOO",
            "the",
            "y",
            "formerly",
            "known",
            "as",
            "Limited",
            ",",
            "-",
            "(",
        ]
    ),
    max_size=8,
).map(" ".join)


@given(st.one_of(st.text(max_size=60), PIECES))
def test_reading_a_name_twice_is_reading_it_once(text: str) -> None:
    """Any text can be read, and an organization's name is its own canonical form."""
    name = canonical_organization(text)
    if name is not None:
        assert name.isascii()
        assert name == " ".join(name.split()).lower()
        assert canonical_organization(name) == name
