"""From generated source to compiled functions, kept on disk for the next process.

A module is named after a digest of all that its machine code is made from: its own source, the
functions it calls, and the compiler's version. So a kept module can be used or not, and never be
out of date. One that cannot be read is removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Final

import numba
import platformdirs

from linker.compiled import interruptions_waiting
from linker.errors import LinkerError

CACHE_VARIABLE: Final = "LINKER_CACHE_DIR"
"""Names another directory for compiled kernels than the user's cache directory."""


def cache_directory() -> Path:
    """Return where compiled kernels are kept."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_cache_path("linker") / "kernels"


def build(source: str, try_out: Callable[[ModuleType], None]) -> ModuleType:
    """Return the module of a source, its functions compiled, or loaded where they were kept.

    Args:
        source: Python source of functions to compile; it may use the name ``KEEP``: whether their
            machine code is kept.
        try_out: Calls each function once, which compiles it, and so keeps it.

    Raises:
        LinkerError: The source does not compile: a defect of ours.
    """
    name = f"linker_kernel_{digest(source)}"
    if name in sys.modules:
        return sys.modules[name]
    try:
        try:
            return _ready(name, _load(name, _written(name, f"KEEP = True\n{source}")), try_out)
        except numba.core.errors.NumbaError:
            raise
        except Exception:  # noqa: BLE001 - nothing can be kept, or what was kept is damaged anyhow
            _remove(name)
            return _ready(name, _without_keeping(name, f"KEEP = False\n{source}"), try_out)
    except numba.core.errors.NumbaError as error:
        reason = " ".join(str(error).split())
        raise LinkerError(f"the kernel does not compile, a defect of linker: {reason}") from None


def _ready(
    name: str, loader: Callable[[], ModuleType], try_out: Callable[[ModuleType], None]
) -> ModuleType:
    """Return a module that was tried out; the compiler finds it by its name, so it is known first.

    Args:
        name: The module's name.
        loader: Runs the module, known by its name.
        try_out: Calls each of its functions.
    """
    try:
        with interruptions_waiting():
            module = loader()
            try_out(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def digest(source: str) -> str:
    """Return a digest of a source, of the functions it calls, and of the compiler's version."""
    whole = hashlib.sha256(source.encode())
    whole.update(f"{numba.__version__} {sys.version_info[:2]}".encode())
    whole.update(_functions())
    return whole.hexdigest()[:24]


@lru_cache(maxsize=1)
def _functions() -> bytes:
    """Return a digest of the sources of the functions that kernels call."""
    files = [resources.files("linker") / "compiled.py", resources.files(__package__) / "drive.py"]
    folder = resources.files("linker.scoring.functions")
    files += sorted(
        (path for path in folder.iterdir() if path.name.endswith(".py")), key=lambda path: path.name
    )
    whole = hashlib.sha256()
    for path in files:
        whole.update(path.read_bytes())
    return whole.digest()


def _written(name: str, source: str) -> Path:
    """Write a module where it is kept, unless it is whole there; others may do the same."""
    directory = cache_directory()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / f"{name}.py"
    content = source.encode()
    if not path.exists() or path.read_bytes() != content:
        handle, aside = tempfile.mkstemp(dir=directory, prefix=f".{name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(aside).replace(path)
        except OSError:
            Path(aside).unlink(missing_ok=True)
            raise
    return path


def _remove(name: str) -> None:
    """Remove what was kept of a module, so that the next process keeps it anew."""
    with contextlib.suppress(OSError):
        for path in cache_directory().rglob(f"{name}*"):
            path.unlink()


def _load(name: str, path: Path) -> Callable[[], ModuleType]:
    def run() -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise OSError(f"{path}: is no module")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    return run


def _without_keeping(name: str, source: str) -> Callable[[], ModuleType]:
    def run() -> ModuleType:
        module = ModuleType(name)
        sys.modules[name] = module
        exec(compile(source, f"<{name}>", "exec"), module.__dict__)  # noqa: S102 - our own source
        return module

    return run
