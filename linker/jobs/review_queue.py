"""The review queue: pairs chosen for people to look at, their verdicts, how far they agree."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from linker.config import Config
from linker.deconfliction.disclose import Viewer
from linker.errors import UsageError
from linker.lookup.desk import Desk
from linker.progress import Progress
from linker.review.desk import ReviewDesk
from linker.review.fill import filling
from linker.review.item import Decided, ReviewItem, Verdict
from linker.review.queue_file import add_items
from linker.review.verdicts import settle
from linker.schemas import EntityType
from linker.store.generation import current_generation
from linker.store.journal import author_of, now
from linker.store.layout import open_store


def fill_queue(
    config: Config,
    entity_type: EntityType,
    progress: Progress,
    *,
    size: int | None = None,
    seed: int | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Queue the pairs of one entity type a label of which teaches most, and some drawn blind.

    Args:
        config: Names the store; ``[review]`` has shares and size.
        entity_type: Of which.
        progress: Receives a line about each step.
        size: How many pairs; the configured number unless given.
        seed: Draws what is drawn; that of training unless given.
        dry_run: Choose and count; queue nothing.

    Returns:
        ``entity_type``, ``generation``, ``model``, ``seed``; ``candidates``, how many pairs were
        looked at; ``passed_over``, how many of these were decided or queued already; ``chosen`` and
        ``queued``, counts; ``parts``, part: count; ``strata``, of the blind part; ``notes``.

    Raises:
        UsageError: `size` is no whole number from 1 on.
        QueryError: The generation holds no records of the type.
        StoreError: Nothing is published, or the store cannot be read or written.
    """
    store = open_store(config.resolve(config.store.directory))
    generation = current_generation(store)
    wanted = config.review.size if size is None else size
    if wanted < 1:
        raise UsageError("--size: ask for 1 pair or more")
    if not dry_run:
        settle(store, config.review.reviewers)
    shelf = Desk(config, store, generation).shelf(entity_type)
    drawn_by = config.settings_of(entity_type).training.seed if seed is None else seed
    found = filling(store, shelf, config, (wanted, drawn_by), progress)
    queued = 0 if dry_run else add_items(store, found.rows, now())
    return {
        "entity_type": entity_type,
        "generation": generation.number,
        "model": shelf.scoring.in_use.name,
        "seed": drawn_by,
        "candidates": found.candidates,
        "passed_over": found.passed,
        "chosen": found.rows.height,
        "queued": queued,
        "parts": found.parts,
        "strata": found.strata,
        "notes": found.notes,
    }


def next_item(
    config: Config, entity_type: EntityType | None, author: str | None, viewer: Viewer
) -> ReviewItem | None:
    """Return the next pair that a reviewer has not decided, None where there is none.

    Raises:
        AccessError: The role reviews nothing.
        StoreError: Nothing is published, or the store cannot be read.
    """
    desk = _desk(config)
    name = author_of(author)
    number = desk.next_for(name, entity_type, viewer)
    return None if number is None else desk.item(number, name, viewer)


def show_item(config: Config, number: int, author: str | None, viewer: Viewer) -> ReviewItem:
    """Return a queued pair as a reviewer sees it.

    Raises:
        AccessError: The role reviews nothing.
        UsageError: There is no such item for them.
        StoreError: Nothing is published, or the store cannot be read.
    """
    found = _desk(config).item(number, author_of(author), viewer)
    if found is None:
        raise UsageError(f"no item {number} to review, or you may not see it")
    return found


def decide_item(
    config: Config, number: int, verdict: Verdict, said: tuple[str | None, str], viewer: Viewer
) -> Decided:
    """Record a verdict; see `linker.review.desk.ReviewDesk.decide`.

    Args:
        config: Names the store.
        number: The item's.
        verdict: What is said of it.
        said: By whom, the user of the operating system if None, and why.
        viewer: Who that is.
    """
    author, reason = said
    return _desk(config).decide(number, author_of(author), verdict, reason, viewer)


def review_agreement(config: Config) -> dict[str, Any]:
    """Say how far reviewers agree, and what pairs drawn blind say of the links.

    Returns:
        ``reviewers``, how many a pair needs; ``entity_types``: entity type: see
        `linker.review.agreement.agreement_of`.

    Raises:
        StoreError: Nothing is published, or the store cannot be read.
    """
    settle(open_store(config.resolve(config.store.directory)), config.review.reviewers)
    return {"reviewers": config.review.reviewers, "entity_types": _desk(config).agreement()}


def as_json(item: ReviewItem) -> dict[str, Any]:
    """Return an item as JSON values."""
    return asdict(item)


def _desk(config: Config) -> ReviewDesk:
    store = open_store(config.resolve(config.store.directory))
    return ReviewDesk(config, current_generation(store))
