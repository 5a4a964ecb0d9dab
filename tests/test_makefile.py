"""The commands that newcomers type do what the README says."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def planned(target: str) -> str:
    done = subprocess.run(
        ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_make_run_ends_in_a_server_started_by_a_program() -> None:
    (serving,) = re.findall(r"exec (\S+) .* serve ", planned("run"))
    assert serving == "env"


def test_every_target_that_help_names_can_be_planned() -> None:
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    targets = [line.split()[0] for line in listed.splitlines() if line.strip()]
    assert {"run", "test", "test-all", "soak", "check", "bench", "help"} <= set(targets)
    for target in targets:
        planned(target)
