"""The project's own files, for tests that read them rather than run them."""

import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("tawasul", "scheduler", "signaling", "media_relay", "kiosk_client")
# Fetched or made, hence not ours to judge. Everything here is ignored by Git.
NOT_OURS = {
    "node_modules", "vendor", "build", "dist", "screenshots", "__pycache__",
    ".venv", ".git", ".tawasul", ".hypothesis", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache",
}  # fmt: skip


def files(*folders: str, suffixes: tuple[str, ...] = ()) -> list[Path]:
    """Our files below these folders of the project (``"."`` is all of it): those with one of these endings, or all."""
    found = (path for folder in folders for path in _walk(ROOT / folder))
    return sorted(path for path in found if not suffixes or path.suffix in suffixes or path.name in suffixes)


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name in NOT_OURS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def python_files() -> list[Path]:
    """Every Python file of the five packages."""
    return files(*PACKAGES, suffixes=(".py",))


def name(path: Path) -> str:
    """A file as one would write it: from the project's folder."""
    return path.relative_to(ROOT).as_posix()


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Line numbers and texts of a Python file's comments."""
    with path.open("rb") as source:
        for token in tokenize.tokenize(source.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
