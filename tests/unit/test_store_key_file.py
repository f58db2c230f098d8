"""The key file: made once, for its owner alone, and never replaced."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tawasul.store.errors import KeyFileInvalid
from tawasul.store.key_file import load_or_create


def test_it_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "some.key"
    key = load_or_create(path)
    assert len(key) == 32
    assert load_or_create(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["some.key"]


def test_those_who_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: load_or_create(tmp_path / "some.key"), range(32)))
    assert len(keys) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "some.key"
    key = load_or_create(path)
    path.chmod(mode)
    with pytest.raises(KeyFileInvalid, match="chmod 600"):
        load_or_create(path)
    assert path.read_bytes() == key


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_file_of_another_size_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileInvalid):
        load_or_create(path)
    assert path.read_bytes() == content
