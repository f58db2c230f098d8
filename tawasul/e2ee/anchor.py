"""The anchor: a region's root key, brought to each device by a person. Everything an endpoint believes begins here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from tawasul.e2ee.encoding import is_version_one, json_bytes, json_object
from tawasul.e2ee.errors import CertificateMalformed, KeyMalformed, NameMalformed
from tawasul.e2ee.keys import PublicKey
from tawasul.e2ee.names import root_name

LONGEST_TITLE = 120
"""Characters of a name as people read it, in each language."""


@dataclass(frozen=True, slots=True)
class Title:
    """A name as people read it: 1 to 120 characters in Arabic and in English."""

    ar: str
    en: str

    def __post_init__(self) -> None:
        if not all(0 < len(text) <= LONGEST_TITLE for text in (self.ar, self.en)):
            raise CertificateMalformed

    @classmethod
    def read(cls, value: Any) -> Self:
        """From ``{"ar", "en"}``. Raises CertificateMalformed."""
        if (
            not isinstance(value, dict)
            or set(value) != {"ar", "en"}
            or not all(isinstance(text, str) for text in value.values())
        ):
            raise CertificateMalformed
        return cls(value["ar"], value["en"])

    def json(self) -> dict[str, str]:
        """As `read` takes it."""
        return {"ar": self.ar, "en": self.en}


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a person brings to each device: the region and its root's key."""

    region: str
    title: Title
    root: PublicKey

    @classmethod
    def from_json(cls, text: bytes | str) -> Self:
        """From the anchor's file. Raises CertificateMalformed."""
        try:
            value = json_object(text)
            if (
                set(value) != {"v", "region", "name", "root"}
                or not is_version_one(value["v"])
                or not isinstance(value["region"], str)
            ):
                raise CertificateMalformed
            root_name(value["region"])  # refuses a region that is none
            return cls(value["region"], Title.read(value["name"]), PublicKey.from_jwk(value["root"]))
        except (ValueError, KeyMalformed, NameMalformed) as error:
            raise CertificateMalformed from error

    def to_json(self) -> bytes:
        """The anchor's file."""
        return json_bytes({"v": 1, "region": self.region, "name": self.title.json(), "root": self.root.jwk()})

    @property
    def fingerprint(self) -> str:
        """The root's thumbprint, for two people to compare."""
        return self.root.thumbprint
