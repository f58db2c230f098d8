#!/usr/bin/env python3
"""Copies what browsers are served of npm's packages from `node_modules/` to `tawasul/web/static/vendor/`.

Run after `npm ci`. Standard library only; idempotent: a second run changes nothing, and a file that is no longer
named goes away. Nothing is transformed, except that source maps' comments are cut off (the maps are not served) and
that the fonts' style sheet is written here from the package's own metadata for the weights and scripts that the pages
use.

Exit status: 0 done, 1 a package is missing or not of the version in `package.json`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "tawasul" / "web" / "static" / "vendor"

ENTRIES = {
    "fluent-bundle": ("@fluent/bundle/esm", ("index.js",)),
    "partysocket": ("partysocket/dist", ("index.js", "ws.js")),
    "hpke": ("hpke", ("index.js",)),
    "jose": ("jose/dist/webapi", ("jwk/thumbprint.js", "jws/compact/sign.js", "jws/compact/verify.js")),
    "lean-qr": ("lean-qr", ("index.mjs",)),
    # Asked for only by a browser that cannot compute X-Wing itself.
    "hpke-noble": ("@panva/hpke-noble", ("index.js",)),
    "noble-ciphers": ("@noble/ciphers", ("aes.js", "chacha.js")),
    "noble-curves": ("@noble/curves", ("ed25519.js", "ed448.js", "nist.js")),
    "noble-hashes": ("@noble/hashes", ("hkdf.js", "hmac.js", "sha2.js", "sha3.js", "sha3-addons.js", "utils.js")),
    "noble-post-quantum": ("@noble/post-quantum", ("hybrid.js", "ml-kem.js", "utils.js")),
    # It is pinned to older ones of its own, which npm puts below it; the import map's scope gives it these.
    "noble-post-quantum/curves": (
        "@noble/post-quantum/node_modules/@noble/curves",
        ("abstract/edwards.js", "abstract/fft.js", "abstract/montgomery.js", "ed25519.js", "nist.js", "utils.js"),
    ),
    "noble-post-quantum/hashes": (
        "@noble/post-quantum/node_modules/@noble/hashes",
        ("hkdf.js", "hmac.js", "sha2.js", "sha3.js", "utils.js"),
    ),
}
"""Folder below `vendor/`: where the modules begin, and which are imported by name. What those import goes with them."""

RELATIVE_IMPORT = re.compile(r"^(?:import|export)\b[^;]*?[\"'](\.\.?/[^\"']+)[\"']", re.MULTILINE)
FONT = "@fontsource/ibm-plex-sans-arabic"
FONT_WEIGHTS = (400, 500, 600, 700)
FONT_SCRIPTS = ("arabic", "latin")
PAPER_FONT = "@expo-google-fonts/ibm-plex-sans-arabic"
PAPER_FONT_WEIGHTS = ("400Regular", "700Bold")
LICENSES = {
    "@fluent/bundle": "README.md",
    "@noble/ciphers": "LICENSE",
    "@noble/curves": "LICENSE",
    "@noble/hashes": "LICENSE",
    "@noble/post-quantum": "LICENSE",
    "@panva/hpke-noble": "LICENSE.md",
    "hpke": "LICENSE.md",
    "jose": "LICENSE.md",
    "lean-qr": "LICENSE",
    "partysocket": "LICENSE.txt",
    FONT: "LICENSE",
    PAPER_FONT: "LICENSE_FONT",
}


def main() -> int:
    """Copies everything; says in one line what it did."""
    try:
        wanted = {**library_files(), **font_files(), **paper_font_files(), **license_files()}
    except (OSError, LookupError) as error:
        print(f"vendor: {error}. Run `npm ci` first.", file=sys.stderr)
        return 1
    changed = write(wanted)
    print(f"vendor: {len(wanted)} files in {VENDOR.relative_to(ROOT)}, {changed} changed")
    return 0


def library_files() -> dict[str, bytes]:
    """The libraries' ES modules by their path under `vendor/`."""
    found = {}
    for folder, (begin, entries) in ENTRIES.items():
        package = "/".join(begin.split("/")[: 2 if begin.startswith("@") else 1])
        check_version(package)
        for path in with_imports([(MODULES / begin / entry).resolve() for entry in entries]):
            name = path.relative_to((MODULES / begin).resolve()).as_posix()
            found[f"{folder}/{name}"] = re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", path.read_bytes())
    return found


def with_imports(modules: list[Path]) -> list[Path]:
    """The modules and whatever they import by a relative path."""
    found: dict[Path, None] = {}
    while modules:
        path = modules.pop()
        if path not in found:
            found[path] = None
            imported = RELATIVE_IMPORT.findall(path.read_text("utf-8"))
            modules += [(path.parent / each).resolve() for each in imported]
    return list(found)


def font_files() -> dict[str, bytes]:
    """The font's files and one style sheet for them. Paths are relative to it."""
    check_version(FONT)
    package = MODULES / FONT
    ranges = json.loads((package / "unicode.json").read_text("utf-8"))
    found: dict[str, bytes] = {}
    rules = []
    for weight in FONT_WEIGHTS:
        for script in FONT_SCRIPTS:
            name = f"ibm-plex-sans-arabic-{script}-{weight}-normal.woff2"
            found[f"fonts/{name}"] = (package / "files" / name).read_bytes()
            rules.append(
                "@font-face {\n"
                '  font-family: "IBM Plex Sans Arabic";\n'
                f"  font-weight: {weight};\n"
                "  font-display: swap;\n"
                f'  src: url("{name}") format("woff2");\n'
                f"  unicode-range: {ranges[script]};\n"
                "}\n"
            )
    found["fonts/plex.css"] = "\n".join(rules).encode()
    return found


def paper_font_files() -> dict[str, bytes]:
    """The same typeface whole, as PDF documents take it: the server embeds what a document uses of it."""
    check_version(PAPER_FONT)
    return {
        f"fonts/IBMPlexSansArabic_{weight}.ttf": (
            MODULES / PAPER_FONT / weight / f"IBMPlexSansArabic_{weight}.ttf"
        ).read_bytes()
        for weight in PAPER_FONT_WEIGHTS
    }


def license_files() -> dict[str, bytes]:
    """Each package's licence, so that it travels with the files."""
    return {
        f"licenses/{package.replace('/', '-').lstrip('@')}.txt": (MODULES / package / name).read_bytes()
        for package, name in LICENSES.items()
    }


def check_version(package: str) -> None:
    """Raises `LookupError` when the installed package is not the one that `package.json` names.

    What comes with another package is not named there; `npm ci` holds it to the lock file.
    """
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"].get(package)
    if wanted is None:
        return
    installed = json.loads((MODULES / package / "package.json").read_text("utf-8"))["version"]
    if installed != wanted:
        raise LookupError(f"{package} is {installed}, package.json wants {wanted}")


def write(wanted: dict[str, bytes]) -> int:
    """Makes the folder hold exactly `wanted`; the number of files written or removed."""
    changed = 0
    for path in sorted(VENDOR.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(VENDOR).as_posix() not in wanted:
            path.unlink()
            changed += 1
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for name, content in wanted.items():
        path = VENDOR / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed += 1
    return changed


if __name__ == "__main__":
    sys.exit(main())
