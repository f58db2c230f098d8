"""The device key: made once, kept private, proved as the service verifies it."""

import os
import pickle
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import ValidationError

from kiosk_client.config import KioskConfig
from kiosk_client.errors import KeyNotPrivate, KeyUnreadable
from kiosk_client.vault import DeviceKey
from tawasul.access.device_proof import verify
from tawasul.access.errors import KioskNotRecognised
from tawasul.domain.places import KioskId

NONCE = "n" * 43


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "kiosk" / "device.pem"
    made = DeviceKey.load_or_create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert DeviceKey.load_or_create(path).public_bytes == made.public_bytes
    assert len(made.public_bytes) == 32
    assert len(made.public_text) == 43
    assert list(path.parent.iterdir()) == [path]


def test_the_service_recognises_its_proof_and_no_other(tmp_path: Path) -> None:
    key = DeviceKey.load_or_create(tmp_path / "device.pem")
    proof = key.prove(NONCE, "badr-1")
    verify(key.public_bytes, NONCE, KioskId("badr-1"), proof.signature)
    other = DeviceKey.load_or_create(tmp_path / "other.pem")
    for public, nonce, name in [
        (other.public_bytes, NONCE, "badr-1"),
        (key.public_bytes, "m" * 43, "badr-1"),
        (key.public_bytes, NONCE, "badr-2"),
    ]:
        with pytest.raises(KioskNotRecognised):
            verify(public, nonce, KioskId(name), proof.signature)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "device.pem"
    DeviceKey.load_or_create(path)
    path.chmod(mode)
    with pytest.raises(KeyNotPrivate):
        DeviceKey.load_or_create(path)


def test_files_that_hold_no_such_key_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "device.pem"
    p256 = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for written in (b"", b"not a key", p256):
        path.write_bytes(written)
        path.chmod(0o600)
        with pytest.raises(KeyUnreadable):
            DeviceKey.load_or_create(path)
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyUnreadable):
        DeviceKey.load_or_create(tmp_path / "file" / "device.pem")


def test_it_neither_prints_nor_leaves_its_process(tmp_path: Path) -> None:
    path = tmp_path / "device.pem"
    key = DeviceKey.load_or_create(path)
    secret = "".join(path.read_text().splitlines()[1:-1])
    assert secret[-20:] not in repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_draft_left_by_a_crash_does_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / f".device.pem.{os.getpid()}").write_text("half a key")
    assert DeviceKey.load_or_create(tmp_path / "device.pem").public_bytes


def test_the_configuration_takes_an_origin_and_one_source(tmp_path: Path) -> None:
    def config(**given: object) -> KioskConfig:
        return KioskConfig.model_validate({"kiosk_id": "badr-1", "key_file": tmp_path / "k", **given})

    assert config().line_address("kiosk") == "ws://127.0.0.1:8000/signaling/kiosk"
    assert config(server="https://tawasul.example/").line_address("kiosk") == "wss://tawasul.example/signaling/kiosk"
    for wrong in ("tawasul.example", "ftp://tawasul.example", "http://tawasul.example/path", "http://"):
        with pytest.raises(ValidationError, match="address alone"):
            config(server=wrong)
    with pytest.raises(ValidationError, match="not both"):
        config(camera="/dev/video0", media_file=tmp_path / "a.webm")
