"""The command line: `python -m benchmarks --help`."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import feed, relevance, speed
from benchmarks.contract import Factory
from benchmarks.dashboard import __main__ as dashboard
from benchmarks.engines import ENGINES, available
from benchmarks.records import Spread
from benchmarks.results import RESULTS, write_section
from benchmarks.speed_report import report

USUAL_SIZES = (10_000, 100_000, 1_000_000)
USUAL = (*((size, Spread.COUNTRY) for size in USUAL_SIZES), (100_000, Spread.CITIES))
OF_THEIR_OWN = {
    "http": "benchmarks.load", "hub": "benchmarks.application", "clients": "benchmarks.clients",
    "hsds": "benchmarks.feed", "dashboard": "benchmarks.dashboard",
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; without arguments what `make bench` writes, in about 75 minutes."""
    if arguments and arguments[0] in OF_THEIR_OWN:
        module = OF_THEIR_OWN[arguments[0]]
        return subprocess.call([sys.executable, "-m", module, *arguments[1:]])
    asked = _parser().parse_args(arguments or ["all"])
    run: Callable[[argparse.Namespace], int] = asked.run
    return run(asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="The hub's search beside other engines, in the same run. Without a command: "
        f"speed at {', '.join(f'{size:,}' for size in USUAL_SIZES)} records, and relevance, "
        f"into {RESULTS.name}, then pages of the HSDS API and of supervision: about 75 minutes.",
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    both = commands.add_parser("all", help="speed and relevance, written to RESULTS.md")
    both.set_defaults(
        run=_all, engines=list(ENGINES), plan=USUAL, passes=speed.WARM_PASSES, json=None,
        results=RESULTS,
    )  # fmt: skip
    fast = commands.add_parser("speed", help="times, sizes and memory of each engine")
    fast.add_argument("--sizes", nargs="+", type=_positive, default=USUAL_SIZES, metavar="N")
    fast.add_argument("--spread", choices=list(Spread), type=Spread, default=Spread.COUNTRY)
    fast.add_argument("--passes", type=_positive, default=speed.WARM_PASSES, help="warm passes")
    fast.add_argument("--json", type=Path, metavar="FILE", help="all figures, for other programs")
    fast.set_defaults(run=_speed, plan=None)
    good = commands.add_parser("relevance", help="answers to judged queries")
    good.add_argument("--split", choices=relevance.SPLITS, default="all")
    good.set_defaults(run=_relevance)
    for command in (fast, good):
        command.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
        command.add_argument("--results", type=Path, metavar="FILE", help="also put tables there")
    commands.add_parser("http", help="load over HTTP; see `http --help`")
    commands.add_parser("hub", help="import, index and search of the whole hub; see `hub --help`")
    commands.add_parser("clients", help="finding clients by name; see `clients --help`")
    commands.add_parser("dashboard", help="pages of supervision; see `dashboard --help`")
    commands.add_parser("hsds", help="pages of the HSDS API; see `hsds --help`")
    return parser


def _all(asked: argparse.Namespace) -> int:
    failed = _speed(asked)
    for split in ("all", "held-out"):
        failed = failed or _relevance(argparse.Namespace(**vars(asked), split=split))
    failed = failed or feed.main(["--results", str(asked.results)])
    return failed or dashboard.main(["--results", str(asked.results)])


def _speed(asked: argparse.Namespace) -> int:
    factories = _factories(asked)
    measured = []
    for size, spread in asked.plan or [(size, asked.spread) for size in asked.sizes]:
        figures = speed.run(size, factories, asked.passes, spread)
        measured += figures
        _give(f"speed-{size}-{spread}", report(figures), asked.results)
    if asked.json:
        speed.save(measured, asked.json)
    return 0


def _relevance(asked: argparse.Namespace) -> int:
    try:
        data = relevance.judged()
    except FileNotFoundError as error:
        print(f"No judged records at {error.filename}: set REFERRAL_HUB_TEST_DATA.")
        return 1
    text = relevance.report(data, _factories(asked), asked.split)
    _give(f"relevance-{asked.split}", text, asked.results)
    return 0


def _factories(asked: argparse.Namespace) -> list[Factory]:
    found = available(ENGINES[name] for name in asked.engines)
    return found or sys.exit("None of these engines can run here.")


def _give(section: str, text: str, results: Path | None) -> None:
    print(f"\n{text}\n", flush=True)
    if results:
        write_section(section, text, results)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not a positive number")
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
