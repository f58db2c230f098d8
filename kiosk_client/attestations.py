"""The folder in which a kiosk keeps the attestations of its calls: one file a call, for its own user alone."""

from __future__ import annotations

import logging
from pathlib import Path

from kiosk_client.core.call_record import CallRecord
from kiosk_client.key_file import replace_private

MOST_KEPT = 1000
"""Files; the oldest go first. A kiosk has some thirty calls a day: a month and more, of about 8 KiB each."""

log = logging.getLogger(__name__)


class AttestationFolder:
    """Made with its first file. A disk that is full costs an attestation, never a call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, record: CallRecord) -> None:
        """Write what both ends signed as `<call id>.json`, where this end has signed anything."""
        content = record.file()
        if content is None:
            return
        try:
            replace_private(self.folder / f"{record.call_id}.json", content)
            kept = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
            for path in kept[:-MOST_KEPT]:
                path.unlink()
        except OSError as cause:
            log.error("the attestation of a call could not be kept: %s", cause.strerror)
