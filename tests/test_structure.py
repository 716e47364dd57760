"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
MOST_LINES = 400
NAMELESS = {"util", "utils", "helper", "helpers", "common", "misc"}
SYNONYMS = {
    "dedupe": "link",
    "deduplicate": "link",
    "golden_record": "entity",
    "match_score": "match_weight",
    "pair_score": "match_weight",
    "score_threshold": "link_threshold",
    "gamma": "level",
    "ground_truths": "truth",
}
# Spelt in two halves so that this file does not name what it forbids.
FORBIDDEN_TEXT = {
    "a machine path": r"(?<![\w.~])/(?:work|root|opt|home/\w+|Users/\w+)/[\w.]",
    "a package registry": "|".join(
        first + re.escape(second)
        for first, second in (
            ("py", "pi.org"),
            ("python", "hosted.org"),
            ("registry.npm", "js"),
            ("deb.", "debian.org"),
            ("--extra-index", "-url"),
        )
    ),
}


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def committed_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git work tree: which files belong to the project is unknown")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def public_definitions(path: Path) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    def walk(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                yield node
                if isinstance(node, ast.ClassDef):
                    yield from walk(node.body)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")).body)


def imported_packages(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def named_things(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def requirements_of_project() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in (*project["dependencies"], *extras)]


def locked_versions() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = (re.match(r"([\w.-]+)==([^\s;\\]+)", line) for line in lines)
    return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin}


def test_files_are_short() -> None:
    """No Python file is longer than one sitting's reading."""
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files("linker", "benchmarks", "tests")
    }
    assert lines
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_public_names_are_explained() -> None:
    """Every public function, class and method of the package has a docstring."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files("linker")
        for node in public_definitions(path)
        if ast.get_docstring(node) is None
    ]
    assert silent == []


def test_tests_state_their_behaviour() -> None:
    """Every test has a docstring that says what holds."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files("tests")
        for node in public_definitions(path)
        if node.name.startswith("test_") and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_modules_are_named_after_what_they_hold() -> None:
    """No module or folder is called utils, helpers, common or the like."""
    vague = [
        str(path.relative_to(ROOT))
        for path in python_files("linker", "benchmarks", "tests")
        if NAMELESS
        & {part.lower().strip("_") for part in path.relative_to(ROOT).with_suffix("").parts}
    ]
    assert vague == []


def test_code_uses_the_words_of_the_glossary() -> None:
    """Names in the package use the glossary's word for a thing, not a synonym."""
    wrong = [
        f"{path.relative_to(ROOT)}: {name} (say {SYNONYMS[name.lower()]})"
        for path in python_files("linker")
        for name in named_things(path)
        if name.lower() in SYNONYMS
    ]
    assert wrong == []


@pytest.mark.parametrize("what", FORBIDDEN_TEXT)
def test_nothing_committed_belongs_to_one_machine(what: str) -> None:
    """No committed text names a path of one machine or the address of a package registry."""
    pattern = re.compile(FORBIDDEN_TEXT[what])
    found = []
    for path in committed_files():
        data = path.read_bytes()
        if b"\0" not in data:
            lines = data.decode("utf-8", errors="replace").splitlines()
            found += [
                f"{path.relative_to(ROOT)}:{number}"
                for number, line in enumerate(lines, 1)
                if pattern.search(line)
            ]
    assert found == []


def test_dependencies_have_an_upper_bound() -> None:
    """No new major version of a dependency comes in by itself."""
    unbounded = [
        str(requirement)
        for requirement in requirements_of_project()
        if not any(clause.operator in {"<", "<=", "==", "~="} for clause in requirement.specifier)
    ]
    assert unbounded == []


def test_imports_are_declared() -> None:
    """What the package imports is the standard library, itself, or a declared dependency."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    providers = packages_distributions()
    undeclared = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files("linker")
        for name in imported_packages(path) - sys.stdlib_module_names - {"linker"}
        if declared.isdisjoint(map(canonicalize_name, providers.get(name, [name])))
    }
    assert undeclared == set()


def test_the_lock_file_fits_the_project() -> None:
    """Every dependency of the project is pinned to a version that the project admits."""
    locked = locked_versions()
    wrong = [
        f"{requirement} is locked at {locked.get(canonicalize_name(requirement.name))}"
        for requirement in requirements_of_project()
        if not requirement.specifier.contains(locked.get(canonicalize_name(requirement.name), "0"))
    ]
    assert wrong == []


def test_the_lock_file_has_a_hash_for_every_pin() -> None:
    """Each pinned version is followed by at least one hash of its files."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.split(r"(?m)^(?=[\w.-]+==)", text)[1:]
    assert pins
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
