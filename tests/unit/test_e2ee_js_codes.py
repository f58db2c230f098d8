"""The codes of refusals are the same in the definition, in Python and in the browser's code."""

import re
from pathlib import Path

from tawasul.e2ee.errors import BY_CODE

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "tawasul" / "web" / "static" / "js" / "e2ee"
CODE = r"[a-z]+(?:-[a-z]+)+"
ONLY_IN_A_BROWSER = {"browser-lacks-what-is-needed"}


def named() -> set[str]:
    """The codes that `errors.js` names."""
    found = re.search(r"CODES = Object\.freeze\(\[(.*?)\]\)", (SCRIPTS / "errors.js").read_text(), re.DOTALL)
    assert found
    return set(re.findall(rf'"({CODE})"', found[1]))


def test_both_languages_have_the_same_codes() -> None:
    assert named() - set(BY_CODE) == ONLY_IN_A_BROWSER


def test_every_code_of_the_definition_is_there() -> None:
    text = (ROOT / "docs" / "end-to-end.md").read_text()
    lists = re.findall(rf"\[([^\]]*?`{CODE}`[^\]]*)\]", text)
    defined = {code for each in lists for code in re.findall(rf"`({CODE})`", each)}
    assert len(defined) > 30
    assert defined - named() == set()


def test_no_script_refuses_with_another_code() -> None:
    refusing = re.compile(
        rf'(?:new PrivacyError|orRefuse)\(\s*"({CODE})"'
        rf'|refuseUnless\(.*,\s*"({CODE})"\)'
        rf'|(?:malformed|tooLarge)[=:] "({CODE})"'
    )
    used = {
        code for path in SCRIPTS.glob("*.js") for found in refusing.findall(path.read_text()) for code in found if code
    }
    assert len(used) > 30
    assert used - named() == set()
