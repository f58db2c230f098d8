"""The pure cores of the call's scripts, by Node's own test runner, over the files that are served."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_cores_pass_their_tests_in_node() -> None:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    assert node, "node is missing: run `make setup`"
    tests = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.js"))
    assert len(tests) >= 3
    done = subprocess.run([node, "--test", *tests], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
