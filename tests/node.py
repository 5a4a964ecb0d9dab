"""Programs from npm, as `make setup` installs them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MODULES = Path(__file__).parent.parent / "node_modules"
SECONDS = 120


def run_node(script: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a script with Node and return what it said. The test is skipped where Node is not found,
    except in CI."""
    beside = str(Path(sys.executable).parent)
    node = shutil.which("node") or shutil.which("node", path=beside)
    if node is None or not MODULES.is_dir():
        message = "Node or its packages were not found; `make setup` brings them."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return subprocess.run(
        [node, str(script), *arguments], input=given, capture_output=True, text=True, check=False,
        timeout=SECONDS,
    )  # fmt: skip
