"""How the relay writes its log: lines for people, or one JSON object a line for a collector.

Whoever logs gives of a client no more than the network (``prefix_of``), and never a name: a test reads a whole log.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any, Literal

LogFormat = Literal["text", "json"]


def formatter(form: LogFormat) -> logging.Formatter:
    """Of log lines in ``form``."""
    return _JsonLines() if form == "json" else _Lines("%(asctime)s %(levelname)s %(message)s")


def fields(event: str, **values: Any) -> dict[str, Any]:
    """What a line tells besides its words, for ``extra``: ``event`` is stable, for programs."""
    return {"fields": {"event": event, **values}}


class _Lines(logging.Formatter):
    def formatException(self, ei: Any) -> str:
        """Where it happened and what kind it was. Not its words: a KeyError's are the key, which may be an address."""
        kind, _, traced = ei
        return "".join((*traceback.format_tb(traced), kind.__name__))


class _JsonLines(_Lines):
    def format(self, record: logging.LogRecord) -> str:
        """``time`` (UTC), ``level``, ``message``, ``process``, and the fields of the event."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "process": record.process,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
