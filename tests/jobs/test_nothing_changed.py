"""A night without news: nothing is published, and the run says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.running import exports, published, run
from tests.jobs.world import changed, write_world


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["text", "json"])
def test_a_run_without_news_publishes_nothing(own: Path, words: tuple[str, ...]) -> None:
    """Not a byte that readers read changes; the exit code is 0 and a line says why."""
    store = own.parent / "store"
    before = published(store)
    done = run("link", "--config", own, *words)
    assert done.code == 0, done.err
    assert "nothing was published" in done.err
    if words:
        assert done.json["news"] is False
    else:
        assert done.out.startswith("generation 1 stays published: nothing changed, as of")
    assert published(store) == before
    assert not (store / "generations" / ".building").exists()


def test_files_that_were_written_anew_with_the_same_rows(own: Path) -> None:
    """What counts is what the files say, and not when they were written."""
    before = published(own.parent / "store")
    write_world(own.parent)
    assert run("link", "--config", own).code == 0
    assert published(own.parent / "store") == before


def test_what_is_new_after_a_night_without_news(own: Path) -> None:
    """A change is published as the next generation, whatever nights without news came before."""
    before = exports(own, ["entities"])
    assert run("link", "--config", own).code == 0
    write_world(own.parent, changed("a01", name="Torbjorn Lindqvist", dob="1957-09-21"))
    assert run("link", "--config", own).code == 0
    assert (own.parent / "store" / "CURRENT").read_text() == "2\n"
    assert exports(own, ["entities"]) != before
