"""A disk that is full or may not be written: one line, and nothing is published."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.running import everything, exports, published, run
from tests.jobs.world import write_world

PAGE = 4096
MOUNT, UMOUNT = shutil.which("mount"), shutil.which("umount")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """The mount point of a file system in memory."""
    point = tmp_path / "disk"
    point.mkdir()
    if os.geteuid() != 0 or MOUNT is None or UMOUNT is None:
        pytest.skip("only root can mount a small file system to fill")
    mount = [MOUNT, "-t", "tmpfs", "-o", "size=64m", "tmpfs", point]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not allow a file system in memory to be mounted")
    yield point
    subprocess.run([UMOUNT, "--lazy", point], check=True)


def remount(disk: Path, options: str) -> None:
    assert MOUNT is not None
    subprocess.run([MOUNT, "-o", f"remount,{options}", disk], check=True)


def used(directory: Path) -> int:
    """Bytes that the files of a directory take, in whole pages."""
    files = [path for path in directory.rglob("*") if path.is_file()]
    return sum(-(-path.stat().st_size // PAGE) * PAGE for path in files)


@pytest.fixture
def on_disk(disk: Path, world: Path, tmp_path: Path) -> Path:
    """The configuration of a world whose linked store is on that disk."""
    config = write_world(tmp_path / "world")
    shutil.rmtree(tmp_path / "world" / "store")
    shutil.copytree(world.parent / "store", disk / "store")
    (tmp_path / "world" / "store").symlink_to(disk / "store")
    return config


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9])
def test_a_disk_that_fills_while_a_generation_is_built(
    disk: Path, on_disk: Path, share: float
) -> None:
    """Wherever the disk fills, yesterday's generation serves on; with space the next run works."""
    store = disk / "store"
    before, tables = published(store), exports(on_disk)
    need = used(store / "generations" / "000001")
    remount(disk, f"size={used(store) + int(need * share)}")
    done = run("link", "--config", on_disk, "--full")
    assert done.refused(str(on_disk.parent / "store"), "no space left on the disk", "free some")
    assert "nothing was published" in done.err
    assert published(store) == before
    assert exports(on_disk) == tables
    remount(disk, "size=64m")
    assert run("link", "--config", on_disk, "--full").code == 0
    assert exports(on_disk) == tables
    assert (store / "CURRENT").read_text() == "2\n"


@pytest.mark.parametrize("pages", [1, 40])
def test_a_disk_too_small_for_a_first_run(disk: Path, on_disk: Path, pages: int) -> None:
    """A first run that finds no space leaves nothing that would stop the next one."""
    shutil.rmtree(disk / "store")
    on_disk.with_name("store").unlink()
    on_disk.write_text(on_disk.read_text().replace('"store"', f'"{disk / "new" / "store"}"'))
    remount(disk, f"size={pages * PAGE}")
    assert run("link", "--config", on_disk).refused("no space left on the disk")
    remount(disk, "size=64m")
    assert run("link", "--config", on_disk).code == 0


def test_a_disk_that_may_only_be_read(disk: Path, on_disk: Path) -> None:
    """A read-only store refuses a run before it reads, and answers everything else."""
    tables = exports(on_disk)
    remount(disk, "ro")
    before = everything(disk)
    done = run("link", "--config", on_disk)
    assert done.refused("store", "cannot be written: read-only file system", "another directory")
    assert "rows" not in done.err
    assert exports(on_disk) == tables
    assert run("status", "--config", on_disk, "--json").json["current"] == 1
    assert run("lookup", "--config", on_disk, "--name", "Wanda Kowalczyk").code == 0
    out = disk / "ledger.csv"
    export = run("export", "--config", on_disk, "--table", "ledger", "--out", out)
    assert export.refused(str(disk), "read-only file system", "nothing was written")
    assert everything(disk) == before


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_export_to_a_full_disk(disk: Path, world: Path, ending: str) -> None:
    """An export that does not fit leaves the earlier file as it was, and no half of a new one."""
    out = disk / f"ledger.{ending}"
    out.write_text("yesterday's")
    remount(disk, f"size={2 * PAGE}")
    (disk / "filler").write_bytes(b"x" * PAGE)
    done = run("export", "--config", world, "--table", "ledger", "--out", out)
    assert done.refused(str(disk), "no space left on the disk", "nothing was written")
    assert out.read_text() == "yesterday's"
    assert sorted(path.name for path in disk.iterdir()) == ["filler", out.name]
