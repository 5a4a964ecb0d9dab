"""The commands that newcomers type do what the README says."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def make(*arguments: str) -> str:
    """What make prints, also when these tests were started by make."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT, env=outside, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_make_run_ends_in_a_server_started_by_a_program() -> None:
    (serving,) = re.findall(r"exec (\S+) .* serve ", make("-n", "run"))
    assert serving == "env"


def test_every_target_that_help_names_can_be_planned() -> None:
    targets = [line.split()[0] for line in make("help").splitlines() if line.strip()]
    assert {"run", "test", "test-all", "soak", "check", "bench", "help"} <= set(targets)
    for target in targets:
        make("-n", target)
