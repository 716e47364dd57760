"""A file of labels: pairs of records and whether they match, or records and their entity.

Columns of pairs: ``source_l``, ``record_id_l``, ``source_r``, ``record_id_r`` and ``is_match`` or
``decision``; of entities: ``source``, ``record_id``, ``true_id`` and, if known, ``culture``. The
columns of sources may be left out where one source holds the entity type. Splink's names of labels
(``source_dataset_l``, ``unique_id_l``, ``clerical_match_score``) serve too. Where there is a column
``entity_type`` or ``entity``, rows of the other type are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from linker.config import Config, Source
from linker.errors import SourceError, UsageError, nearest
from linker.judging.truth import CLUSTERS, Truth, truth_of_clusters, truth_of_pairs
from linker.night.labels import LABELS
from linker.schemas import DECISION_RECORDS, ENTITY_TYPES, EntityType
from linker.sources.batch import Batch
from linker.sources.csv_file import read_csv
from linker.sources.files import FORMATS, InputFile, stamps
from linker.sources.parquet_file import read_parquet

_ENTITY: Final = ("entity_type", "entity")
_CULTURE: Final = "culture"
_VERDICT: Final = "is_match"
_OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        f"{name}{side}": (f"{other}{side}",)
        for name, other in (("source", "source_dataset"), ("record_id", "unique_id"))
        for side in ("_l", "_r", "")
    },
    _VERDICT: ("decision", "clerical_match_score"),
}
"""What else a column may be called."""
_YES: Final = frozenset({"true", "t", "yes", "y", "match"})
_NO: Final = frozenset({"false", "f", "no", "n", "non_match", "non-match"})
_UNSURE: Final = frozenset({"unsure", "unknown"})
_EVEN: Final = 0.5
"""A label given as a number is a match from here on."""


def read_truth(path: Path, config: Config, entity_type: EntityType) -> Truth:
    """Return the truth that a file tells of an entity type.

    Args:
        path: CSV or Parquet, plain or gzip.
        config: Names the sources.
        entity_type: Of which.

    Raises:
        UsageError: The file lacks columns, or its rows contradict each other or are too few.
        SourceError: The file cannot be read or decoded.
    """
    file = _file(path)
    try:
        names = _names(file)
        sources = [source.name for source in config.sources if source.entity == entity_type]
        columns = _columns(path, names, sources)
        frame, bad = _rows(file, columns)
    except SourceError as error:
        raise UsageError(str(error).removeprefix("source 'truth': ")) from None
    if bad:
        raise UsageError(
            f"{path}: row {bad[0]:,} has not as many values as there are columns"
            f"{f' (and {len(bad) - 1:,} rows more)' if len(bad) > 1 else ''}; mend it"
        )
    kept, notes = _of_type(frame, entity_type)
    if kept.is_empty():
        raise UsageError(f"{path}: holds no rows{f' of {entity_type}' if frame.height else ''}")
    known = _with_source(kept, sources)
    read = _labels if _VERDICT in columns else _clusters
    table, more = read(known, path)
    _refuse_unknown_sources(table, path, config)
    make = truth_of_pairs if _VERDICT in columns else truth_of_clusters
    return make(table, path.name, notes=(*notes, *more))


def _file(path: Path) -> InputFile:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    form = FORMATS.get(suffixes[-1]) if suffixes else None
    if form is None or form == "jsonl":
        raise UsageError(f"{path}: name a file of labels that ends in .csv, .tsv or .parquet")
    if path.is_dir():
        raise UsageError(f"{path}: is a directory; name a file")
    if not path.exists():
        raise UsageError(f"{path}: no such file")
    file = InputFile("truth", str(path), path, form)
    try:
        stamps([file])
    except SourceError as error:
        raise UsageError(str(error).removeprefix("source 'truth': ")) from None
    return file


def _source(file: InputFile) -> Source:
    """Return the file as a source, for the reader of delimited text."""
    return Source(
        name="truth",
        path=str(file.path),
        kind="other",
        entity="person",
        record_id="record_id",
        fields={"full_name": "record_id"},
    )


def _names(file: InputFile) -> list[str]:
    """Return the names of the file's columns."""
    if file.format == "parquet":
        try:
            return [str(name) for name in pq.read_schema(file.path).names]
        except (pa.ArrowException, OSError, ValueError):
            raise file.refuse("damaged or cut short, or no Parquet; fetch it again") from None
    first = next(iter(read_csv(file, _source(file), [])), None)
    if first is None:
        raise file.refuse("holds no rows")
    return sorted(first.names)


def _columns(path: Path, names: Sequence[str], sources: Sequence[str]) -> dict[str, str]:
    """Return the file's column of each column that is wanted.

    Raises:
        UsageError: It has neither the columns of pairs nor those of entities.
    """
    found = {}
    wanted = (*LABELS, *CLUSTERS, _CULTURE, *_ENTITY)
    for name in wanted:
        given = next((one for one in (name, *_OTHER_NAMES.get(name, ())) if one in names), None)
        if given:
            found[name] = given
    of_pairs = {"record_id_l", "record_id_r"} & found.keys()
    need = (*DECISION_RECORDS, _VERDICT) if of_pairs else tuple(CLUSTERS)
    alone = len(sources) == 1
    missing = [
        name for name in need if name not in found and not (alone and name.startswith("source"))
    ]
    if missing:
        taken = set(found.values())
        hint = nearest(missing[0], [name for name in names if name not in taken])
        raise UsageError(
            f"{path}: lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}{hint}; pairs "
            f"need {', '.join((*DECISION_RECORDS, _VERDICT))}, entities {', '.join(CLUSTERS)}"
        )
    more = _ENTITY if of_pairs else (*_ENTITY, _CULTURE)
    return {name: column for name, column in found.items() if name in {*need, *more}}


def _rows(file: InputFile, columns: Mapping[str, str]) -> tuple[pl.DataFrame, list[int]]:
    """Return the wanted columns with ``row``, and the rows that could not be read."""
    frames = [pl.DataFrame(schema={"row": pl.Int64(), **dict.fromkeys(columns, pl.String())})]
    bad: list[int] = []
    for batch in _batches(file, list(columns.values())):
        bad += [rejection.row for rejection in batch.rejected]
        texts = {
            name: batch.texts[column].str.strip_chars().replace("", None)
            for name, column in columns.items()
        }
        frames.append(pl.DataFrame({"row": batch.rows, **texts}))
    return pl.concat(frames), bad


def _batches(file: InputFile, wanted: list[str]) -> Iterator[Batch]:
    if file.format == "parquet":
        return read_parquet(file, wanted)
    return read_csv(file, _source(file), wanted)


def _of_type(frame: pl.DataFrame, entity_type: EntityType) -> tuple[pl.DataFrame, tuple[str, ...]]:
    names = [name for name in _ENTITY if name in frame.columns]
    told = frame.select(pl.col(name).str.to_lowercase() for name in names)
    column = next((name for name in told.columns if told[name].is_in(ENTITY_TYPES).any()), None)
    if column is None:
        return frame, ()
    kept = frame.filter(told[column] == entity_type)
    left = frame.height - kept.height
    return kept, (f"rows of the other entity type, passed over: {left:,}",) if left else ()


def _with_source(frame: pl.DataFrame, sources: Sequence[str]) -> pl.DataFrame:
    """Return rows with the only source there is, where the file names none."""
    sides = [name for name in ("source_l", "source_r") if "record_id_l" in frame.columns]
    missing = [name for name in sides or ["source"] if name not in frame.columns]
    return frame.with_columns(pl.lit(sources[0]).alias(name) for name in missing)


def _labels(frame: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return `LABELS`; rows that decide nothing are left out."""
    _refuse_empty(frame, (*DECISION_RECORDS, _VERDICT), path)
    word = pl.col(_VERDICT).str.to_lowercase()
    number = word.cast(pl.Float64, strict=False)
    told = frame.with_columns(
        number=pl.when(number.is_between(0, 1)).then(number), unsure=word.is_in(_UNSURE)
    ).with_columns(
        is_match=pl.when(word.is_in(_YES))
        .then(statement=True)
        .when(word.is_in(_NO))
        .then(statement=False)
        .otherwise(pl.col("number") >= _EVEN)
    )
    unread = told.filter(pl.col("is_match").is_null() & ~pl.col("unsure"))
    if unread.height:
        raise UsageError(
            f"{path}: row {unread['row'][0]:,}: its label is none of match, non_match, unsure, "
            f"true, false, or a number from 0 to 1{_more(unread.height)}"
        )
    unsure = int(told["unsure"].sum())
    notes = (f"labels that are unsure and say nothing: {unsure:,}",) if unsure else ()
    return told.filter(~pl.col("unsure")).select(list(LABELS)), notes


def _clusters(frame: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return `CLUSTERS` and perhaps the culture; records of no known entity are left out."""
    _refuse_empty(frame, ("source", "record_id"), path)
    known = frame.drop_nulls("true_id")
    left = frame.height - known.height
    notes = (f"records without true_id, which say nothing: {left:,}",) if left else ()
    more = [_CULTURE] if _CULTURE in frame.columns else []
    return known.select([*CLUSTERS, *more]), notes


def _refuse_empty(frame: pl.DataFrame, columns: Sequence[str], path: Path) -> None:
    for name in columns:
        empty = frame.filter(pl.col(name).is_null())
        if empty.height:
            raise UsageError(
                f"{path}: row {empty['row'][0]:,}: {name} is empty{_more(empty.height)}"
            )


def _more(rows: int) -> str:
    return f" (and {rows - 1:,} rows more)" if rows > 1 else ""


def _refuse_unknown_sources(table: pl.DataFrame, path: Path, config: Config) -> None:
    """Refuse labels of a source that the configuration does not have: they can name no record."""
    valid = [source.name for source in config.sources]
    named = pl.concat([table[name] for name in table.columns if name.startswith("source")])
    unknown = sorted(set(named.unique().to_list()) - set(valid))
    if unknown and len(unknown) == named.n_unique():
        raise UsageError(
            f"{path}: names no source of the configuration{nearest(unknown[0], valid)}; they are "
            f"{', '.join(valid)}"
        )
