"""The issuer needs neither the service's database nor a media library: its host has no more than it must."""

import subprocess
import sys

from support.house import ROOT

LOADED = "tawasul.issuer.application, tawasul.issuer.opening, tawasul.issuer.serving, tawasul.web.connections"
NEVER = {"av", "aiortc", "numpy", "sqlalchemy", "alembic", "jinja2", "tawasul.store", "tawasul.access", "kiosk_client"}


def test_serving_certificates_loads_nothing_of_the_service() -> None:
    program = f"import sys, {LOADED}; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "tawasul.e2ee.certificate" in loaded
    assert loaded & NEVER == set()
