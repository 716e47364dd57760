"""From generated source to compiled functions, kept on disk for the next process.

A module is named after a digest of all that its machine code is made from: its own source, the
functions it calls, and the compiler's version. So a kept module can be used or not, and never be
out of date. One that cannot be read is removed. A process that loads one compiles nothing: it is
not given the functions, which whoever compiles has from a copy beside the kernels (`shared`).
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
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
from linker.scoring.kernel.shared import (
    FUNCTIONS,
    alone,
    copy_functions,
    function_files,
    imports_from,
    make_known,
    package_name,
    take_out,
    write_whole,
)

CACHE_VARIABLE: Final = "LINKER_CACHE_DIR"
"""Names another directory for compiled kernels than the user's cache directory."""


def cache_directory() -> Path:
    """Return where compiled kernels are kept."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_cache_path("linker") / "kernels"


def build(source: str, try_out: Callable[[ModuleType], None]) -> ModuleType:
    """Return the module of a source, its functions compiled, or loaded where they were kept.

    Args:
        source: Python source of functions to compile. It may call those of
            `linker.scoring.functions`, and use the name ``KEEP``: whether machine code is kept.
        try_out: Calls each function once, which compiles it, and so keeps it.

    Raises:
        LinkerError: The source does not compile: a defect of ours.
    """
    name = f"linker_kernel_{digest(source)}"
    if name in sys.modules:
        return sys.modules[name]
    try:
        try:
            return _kept(name, source, try_out)
        except numba.core.errors.NumbaError:
            raise
        except Exception:  # noqa: BLE001 - nothing can be kept, or what was kept is damaged anyhow
            _remove(name)
            whole = f"KEEP = False\n{imports_from(FUNCTIONS)}{source}"
            return _ready(name, _without_keeping(name, whole), try_out)
    except numba.core.errors.NumbaError as error:
        reason = " ".join(str(error).split())
        raise LinkerError(f"the kernel does not compile, a defect of linker: {reason}") from None


def _kept(name: str, source: str, try_out: Callable[[ModuleType], None]) -> ModuleType:
    """Return the module as it is kept; compiled first, by one process at a time, where it is not.

    Raises:
        OSError: Nothing can be kept here.
        Exception: What was kept is damaged.
    """
    directory, package = cache_directory(), _package()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / f"{name}.py"
    given = "".join(f"    {line}\n" for line in imports_from(package).splitlines())
    write_whole(path, f"KEEP = True\nif COMPILING:\n{given}{source}")
    if module := _loaded(name, path, try_out):
        return module
    with alone(directory):
        if module := _loaded(name, path, try_out):  # somebody else compiled it meanwhile
            return module
        copy_functions(directory, package)
        make_known(directory, package)
        return _ready(name, _load(name, path, compiling=True), try_out)


def _loaded(name: str, path: Path, try_out: Callable[[ModuleType], None]) -> ModuleType | None:
    """Return the module if its machine code is kept and good; nothing is compiled for it."""
    kept = any((path.parent / "__pycache__").glob(f"{name}.*.nbi"))
    if not kept or not make_known(path.parent, _package()):
        return None
    with contextlib.suppress(numba.core.errors.NumbaError):  # it would have to be compiled
        return _ready(name, _load(name, path, compiling=False), try_out)
    return None


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
    whole = hashlib.sha256()
    for path in [*files, *function_files()]:
        whole.update(path.read_bytes())
    return whole.digest()


def _package() -> str:
    return package_name(digest(""))


def _remove(name: str) -> None:
    """Remove what was kept of a module, so that the next process keeps it anew."""
    with contextlib.suppress(OSError):
        for path in cache_directory().rglob(f"{name}*"):
            path.unlink()
    take_out(cache_directory(), _package())


def _load(name: str, path: Path, *, compiling: bool) -> Callable[[], ModuleType]:
    def run() -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise OSError(f"{path}: is no module")
        module = importlib.util.module_from_spec(spec)
        module.__dict__["COMPILING"] = compiling
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
