"""Libraries in C that PyAV's wheel carries for FFmpeg, opened here for what FFmpeg's wrappers leave out."""

from __future__ import annotations

from pathlib import Path

import av


def carried_library(name: str) -> Path | None:
    """The file of the library `name` ("libopus"); None where PyAV was not installed from its wheel."""
    package = Path(av.__file__).parent
    # Where the tools that make wheels self-contained put libraries, on Linux and on macOS.
    for folder, pattern in ((package.parent / "av.libs", f"{name}-*.so*"), (package / ".dylibs", f"{name}*.dylib")):
        for found in sorted(folder.glob(pattern)):
            return found
    return None
