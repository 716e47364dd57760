"""The functions that kernels call, copied to where kernels are kept, with their machine code.

Half of what a kernel takes to compile is the functions that all kernels call. What the compiler
keeps of a function it finds again by the function's own file, whatever became of those that it
calls; so the functions' package is copied under a name that is a digest of all of it, where no file
ever changes. The compiler's index of what it keeps is no place for two writers: whoever compiles
with this package is alone (`alone`).
"""

from __future__ import annotations

import fcntl
import importlib
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from linker.compiled import KEPT_PACKAGES

FUNCTIONS: Final = "linker.scoring.functions"
"""The package whose functions kernels call."""
MODULES: Final = (
    *("dates", "lists", "mailboxes", "memory"),
    *("rarity", "term_logs", "text", "words"),
)
"""The modules of it that kernels call; they call the others."""


def function_files() -> list[Traversable]:
    """Return the files of the functions' package, by name."""
    files = (path for path in resources.files(FUNCTIONS).iterdir() if path.name.endswith(".py"))
    return sorted(files, key=lambda path: path.name)


def package_name(digest: str) -> str:
    """Return the name of the copy of a digest."""
    return f"{KEPT_PACKAGES}{digest}"


def imports_from(package: str) -> str:
    """Return the lines that bring a package's functions into a kernel."""
    return "".join(f"from {package}.{module} import *\n" for module in MODULES)


def copy_functions(directory: Path, package: str) -> None:
    """Copy the functions' package, unless it is whole there; `alone` must be held.

    Args:
        directory: Where kernels are kept.
        package: The copy's name.

    Raises:
        OSError: It cannot be written.
    """
    home = directory / package
    home.mkdir(mode=0o700, exist_ok=True)
    for file in function_files():
        text = file.read_text(encoding="utf-8").replace(FUNCTIONS, package)
        write_whole(home / file.name, text)


def make_known(directory: Path, package: str) -> bool:
    """Make a copy known by its name, as kept machine code asks for it; tell whether it is there."""
    if package in sys.modules:
        return True
    home = directory / package
    spec = importlib.util.spec_from_file_location(
        package, home / "__init__.py", submodule_search_locations=[str(home)]
    )
    if spec is None or spec.loader is None or not (home / "__init__.py").exists():
        return False
    module = importlib.util.module_from_spec(spec)
    sys.modules[package] = module
    importlib.invalidate_caches()  # files written within one tick of the clock
    spec.loader.exec_module(module)
    return True


def take_out(directory: Path, package: str) -> None:
    """Remove a copy that does not serve; the next process makes it anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]
    shutil.rmtree(directory / package, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Write a file aside and move it into place, unless it holds the text already.

    Raises:
        OSError: It cannot be written; nothing is left behind.
    """
    content = text.encode()
    if path.exists() and path.read_bytes() == content:
        return
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(aside).replace(path)
    except OSError:
        Path(aside).unlink(missing_ok=True)
        raise


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Wait until no other process compiles what is kept in a directory, and keep others waiting.

    Raises:
        OSError: The file system knows no locks.
    """
    with (directory / ".compiling").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
