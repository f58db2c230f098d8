"""Pages read from right to left and hold nothing a strict Content-Security-Policy would refuse.

``left`` and ``right`` are bugs in an Arabic page: what is at the start of a line in one language is at its end in the
other. CSS has words for that (``margin-inline-start``, ``inset-inline-end``, ``text-align: start``), and only those are
used.
"""

import re
from pathlib import Path

import pytest
from support.house import files, name

PAGES = ("tawasul", "scheduler", "signaling", "kiosk_client")

PHYSICAL_PROPERTY = re.compile(
    r"(?<![\w-])("
    r"left|right"
    r"|(?:scroll-)?(?:margin|padding)-(?:left|right)"
    r"|border-(?:left|right)(?:-\w+)*"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r")\s*:"
)
PHYSICAL_VALUE = re.compile(
    r"(?<![\w-])(text-align|text-align-last|float|clear|caption-side|transform-origin|background-position|object-position"
    r"|justify-content|justify-items|justify-self|resize)\s*:[^;}]*\b(left|right)\b"
)
FOUR_SIDES = re.compile(
    r"(?<![\w-])(margin|padding|inset|border-width|border-style|border-color|scroll-margin)\s*:\s*([^;}]+)"
)
PHYSICAL_IN_SCRIPTS = re.compile(
    r"\.style\.(left|right|(?:margin|padding|border)(?:Left|Right)\w*|float|cssFloat)\b"
    r"|textAlign\s*=\s*[\"'](?:left|right)"
)
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE)
SCRIPT_TAG = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
DANGEROUS_IN_SCRIPTS = re.compile(
    r"\.(?:innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write\b|\beval\s*\(|new Function\b"
    r"|\.setAttribute\(\s*[\"']on"
)


def without_comments(css: str) -> str:
    """CSS without its comments, its lines still in their places."""
    return re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), css, flags=re.DOTALL)


def physical_css(css: str) -> list[str]:
    """What in a style sheet says left or right."""
    found = []
    for number, line in enumerate(without_comments(css).splitlines(), 1):
        found += [f"line {number}: {match[0].strip()}" for match in PHYSICAL_PROPERTY.finditer(line)]
        found += [f"line {number}: {match[0].strip()}" for match in PHYSICAL_VALUE.finditer(line)]
        for match in FOUR_SIDES.finditer(line):
            sides = re.findall(r"[\w.%-]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?", match[2])
            # Top, right, bottom, left: physical as soon as the second and the fourth differ.
            if len(sides) == 4 and sides[1] != sides[3]:
                found.append(f"line {number}: {match[0].strip()}")
    return found


def unsafe_html(html: str) -> list[str]:
    """What in a template a strict policy refuses: handlers, styles and scripts in the page itself."""
    found = [match[0] for match in (*INLINE_HANDLER.finditer(html), *INLINE_STYLE.finditer(html))]
    for match in SCRIPT_TAG.finditer(html):
        # A file of our own needs no nonce; the import map is the one script a page carries inside, and needs it.
        is_our_file = re.search(r"\ssrc=\"(?:/(?!/)|\{\{)", match[1])
        is_import_map = 'type="importmap"' in match[1] and "nonce=" in match[1]
        if not (is_our_file or is_import_map):
            found.append(match[0])
    if "javascript:" in html:
        found.append("javascript:")
    return found


@pytest.mark.parametrize("path", files(*PAGES, suffixes=(".css",)), ids=name)
def test_style_sheets_know_no_left_and_right(path: Path) -> None:
    assert physical_css(path.read_text()) == []


@pytest.mark.parametrize("path", files(*PAGES, suffixes=(".html",)), ids=name)
def test_templates_hold_no_script_handler_or_style(path: Path) -> None:
    assert unsafe_html(path.read_text()) == []


@pytest.mark.parametrize("path", files(*PAGES, suffixes=(".js",)), ids=name)
def test_scripts_write_no_markup_and_know_no_left_and_right(path: Path) -> None:
    script = path.read_text()
    assert [match[0] for match in PHYSICAL_IN_SCRIPTS.finditer(script)] == []
    assert [match[0] for match in DANGEROUS_IN_SCRIPTS.finditer(script)] == []


def test_there_is_something_to_look_at() -> None:
    assert files(*PAGES, suffixes=(".css",))
    assert files(*PAGES, suffixes=(".html",))
    assert files(*PAGES, suffixes=(".js",))


@pytest.mark.parametrize(
    "css",
    [
        "a { left: 0 }",
        "a { margin-left: 1rem }",
        "a{padding-right:0}",
        "a { border-left-color: red }",
        "a { border-top-left-radius: 4px }",
        "a { float: left }",
        "a { text-align: right }",
        "a { margin: 0 1rem 0 2rem }",
        "a { inset: 0 auto 0 0 }",
        "a { padding: 0 calc(1rem + (2px)) 0 0 }",
    ],
)
def test_physical_css_is_noticed(css: str) -> None:
    assert physical_css(css) != []


@pytest.mark.parametrize(
    "css",
    [
        "a { margin-inline-start: 1rem; text-align: start; float: inline-end }",
        "a { inset: 0 }",
        "a { margin: 0 calc(1rem * 2) 0 calc(1rem * 2) }",
        "a { margin: 0 auto }",
        "/* never left: or right: */ .bright { --copyright: 1 }",
        "a { border-start-start-radius: 4px }",
    ],
)
def test_logical_css_is_left_alone(css: str) -> None:
    assert physical_css(css) == []


@pytest.mark.parametrize(
    "html",
    [
        '<button onclick="go()">',
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<script nonce="x">go()</script>',
        '<script type="importmap">{}</script>',
        '<script src="//elsewhere.example/a.js"></script>',
        '<a href="javascript:go()">',
    ],
)
def test_unsafe_html_is_noticed(html: str) -> None:
    assert unsafe_html(html) != []


def test_safe_html_is_left_alone() -> None:
    html = '<script type="importmap" nonce="{{ nonce }}">{}</script><script src="{{ asset("a.js") }}"></script>'
    assert unsafe_html(html + '<p data-controller="line" aria-controls="x">') == []
