"""What a kiosk keeps beside its keys: its certificate's chain, and the newest revocation list it ever saw.

Everything read is verified again: a file is not believed for lying on our own disk.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk_client.errors import AnchorMissing, AnchorUnreadable
from kiosk_client.key_file import replace_private
from tawasul.e2ee.certificate import Anchor, Certificate, signatures_of
from tawasul.e2ee.errors import ChainWrong, KeyMismatch, PrivacyError
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.names import DeviceName
from tawasul.e2ee.revocation import Trust

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Owned:
    """A chain `[device's, issuer's]` and the certificate in it, which is of our name and key."""

    chain: tuple[str, ...]
    certificate: Certificate


class Papers:
    """Files whose names begin with the key file's: `<stem>.certificate.json`, `<stem>.revocations.json`."""

    def __init__(self, key_file: Path, anchor: Anchor, name: DeviceName, key: SigningKey) -> None:
        self.anchor = anchor
        self.name = name
        self.key = key
        self._chain_file = key_file.with_name(f"{key_file.stem}.certificate.json")
        self._list_file = key_file.with_name(f"{key_file.stem}.revocations.json")

    def read_chain(self) -> Owned | None:
        """The chain that was kept; None where there is none, or it is not ours. Its time is not looked at."""
        kept = _read(self._chain_file)
        try:
            return self.own(kept.get("chain")) if kept is not None else None
        except PrivacyError as error:
            log.warning("the certificate that was kept cannot be used (%s); a new one is asked for", error.code)
            return None

    def own(self, chain: Any) -> Owned:
        """A chain, judged: signed by the region's issuer, for our name and key. Raises `PrivacyError`."""
        if not isinstance(chain, list | tuple) or not all(isinstance(text, str) for text in chain):
            raise ChainWrong
        certificate = signatures_of(chain, self.anchor)[0]
        if certificate.name != self.name or certificate.key != self.key.public:
            raise KeyMismatch
        return Owned(tuple(chain), certificate)

    def keep_chain(self, chain: Sequence[str]) -> None:
        """Put a chain in the place of the one before."""
        _write(self._chain_file, {"chain": list(chain)})

    def read_trust(self, now: float) -> Trust:
        """The anchor, and the list that was kept where it is still good; the highest number ever seen in any case."""
        kept = _read(self._list_file) or {}
        seq = kept.get("seq")
        trust = Trust(self.anchor, at_least=seq if isinstance(seq, int) and seq >= 0 else 0)
        try:
            return trust.learn(kept["list"], kept["chain"], now) if "list" in kept and "chain" in kept else trust
        except PrivacyError as error:
            log.info("the revocation list that was kept cannot be used (%s)", error.code)
            return trust

    def keep_list(self, text: str, chain: Sequence[str], seq: int) -> None:
        """Put a verified list in the place of the one before. `seq`: its number, below which no list is believed."""
        _write(self._list_file, {"list": text, "chain": list(chain), "seq": seq})


def read_anchor(path: Path | None) -> Anchor:
    """The region's anchor, as a person brought it. Raises `AnchorMissing`, `AnchorUnreadable`."""
    if path is None:
        raise AnchorMissing("this kiosk needs the region's anchor: bring anchor.json to it and name it (--anchor FILE)")
    try:
        return Anchor.from_json(path.read_bytes())
    except OSError as cause:
        raise AnchorUnreadable(f"the region's anchor {path} cannot be read: {cause.strerror}") from cause
    except PrivacyError as cause:
        raise AnchorUnreadable(f"{path} is not a region's anchor") from cause


def _read(path: Path) -> dict[str, Any] | None:
    try:
        kept = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as cause:
        log.warning("%s cannot be read (%s)", path.name, type(cause).__name__)
        return None
    return kept if isinstance(kept, dict) else None


def _write(path: Path, content: dict[str, Any]) -> None:
    try:
        replace_private(path, json.dumps(content).encode())
    except OSError as cause:
        # It is still held in memory: the next start asks again.
        log.error("%s cannot be kept: %s", path.name, cause.strerror)
