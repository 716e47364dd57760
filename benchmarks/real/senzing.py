"""The Senzing truth set: small, and hard on purpose; people and organizations in three files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.real.dataset import FileSource, RealSet, real_set, truth_of
from linker.schemas import EntityType, SourceKind

FILES: dict[str, SourceKind] = {
    "customers": "other",
    "reference": "other",
    "watchlist": "watchlist",
}

PERSON = {
    "given_name": "NAME_FIRST",
    "middle_name": "NAME_MIDDLE",
    "surname": "NAME_LAST",
    "full_name": "NAME_FULL",
    "birth_date": "DATE_OF_BIRTH",
    "sex": "GENDER",
    "ssn": "SSN_NUMBER",
    "passport": "PASSPORT_NUMBER",
    "national_id": "NATIONAL_ID_NUMBER",
    "driver_license": "DRIVERS_LICENSE_NUMBER",
}
ORGANIZATION = {
    "name": "NAME_ORG",
    "aliases": "ALIASES",
    "registration_id": "NATIONAL_ID_NUMBER",
    "tax_id": "TAX_ID_NUMBER",
}
PLACE: dict[str, str | list[str]] = {
    "phones": "PHONE_NUMBER",
    "emails": "EMAIL_ADDRESS",
    "address": ["ADDR_LINE1", "ADDR_FULL"],
    "city": "ADDR_CITY",
    "state": "ADDR_STATE",
    "postal_code": "ADDR_POSTAL_CODE",
    "country": "ADDR_COUNTRY",
}
TYPES: dict[EntityType, dict[str, str | list[str]]] = {
    "person": {**PERSON, **PLACE},
    "organization": {**ORGANIZATION, **PLACE},
}


def senzing_truthset(data: Path, work: Path) -> RealSet:
    """159 records of 85 people and organizations."""
    folder = data / "senzing_truthset"
    key = pl.read_csv(folder / "actual_truthset_key.csv", infer_schema=False)
    sources: list[FileSource] = []
    truth: list[pl.DataFrame] = []
    for file, kind in FILES.items():
        lines = (folder / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
        records = [_flat(json.loads(line)) for line in lines if line.strip()]
        known = key.filter(pl.col("DATA_SOURCE") == file.upper())
        for entity, fields in TYPES.items():
            chosen = [record for record in records if record["RECORD_TYPE"] == entity.upper()]
            if not chosen:
                continue
            path = work / f"{file}_{entity}.jsonl"
            columns = ["RECORD_ID", *_columns(fields.values())]
            _write(path, chosen, columns)
            source = FileSource(path.stem, path, entity, "RECORD_ID", fields, kind=kind)
            ids = pl.DataFrame({"RECORD_ID": [record["RECORD_ID"] for record in chosen]})
            sources.append(source)
            truth.append(truth_of(ids.join(known, on="RECORD_ID"), source, pl.col("CLUSTER_ID")))
    return real_set("senzing_truthset", sources, pl.concat(truth))


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """Lay the features of a record side by side; a second name of an organization is an alias."""
    flat: dict[str, Any] = {"RECORD_ID": record["RECORD_ID"], "ALIASES": []}
    for feature in record["FEATURES"]:
        for name, value in feature.items():
            if name in flat and name == "NAME_ORG":
                flat["ALIASES"].append(value)
            else:
                flat.setdefault(name, value)
    return flat


def _columns(fields: Iterable[str | list[str]]) -> list[str]:
    return [name for field in fields for name in ([field] if isinstance(field, str) else field)]


def _write(path: Path, records: list[dict[str, Any]], columns: list[str]) -> None:
    lines = (
        json.dumps({name: record.get(name) for name in columns}, ensure_ascii=False)
        for record in records
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
