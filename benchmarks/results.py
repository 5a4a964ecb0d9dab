"""Tables, and the file that keeps them between markers."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
_HEAD = """# Results

Written by `make bench`; figures of one machine and one day, engines side by side in the same run.
`python -m benchmarks --help` tells how to run a part of it.
"""

Cell = str | float | None


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], digits: int = 1) -> str:
    """Return a Markdown table; numbers with so many digits, None as a dash."""
    texts = [[_text(cell, digits) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *texts, strict=True)]
    lines = [head, ["-" * width for width in widths], *texts]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )


def write_section(name: str, text: str, file: Path = RESULTS) -> None:
    """Put `text` between the markers of a section; a new section comes last."""
    before = file.read_text(encoding="utf-8") if file.exists() else _HEAD
    section = f"<!-- {name}:start -->\n{text.strip()}\n<!-- {name}:end -->\n"
    marked = re.compile(
        rf"<!-- {re.escape(name)}:start -->.*?<!-- {re.escape(name)}:end -->\n", re.S
    )
    after, found = marked.subn(lambda _: section, before)
    file.write_text(after if found else f"{before}\n{section}", encoding="utf-8")


def circumstances(versions: Iterable[str]) -> str:
    """Return one line: when, on what machine, how busy it was, with which versions."""
    day = datetime.now(UTC).date().isoformat()
    load = os.getloadavg()[0]
    python = f"Python {platform.python_version()}"
    return (
        f"{day}; {os.cpu_count()} cores of {_processor()}, {_memory_gigabytes():.0f} GB, "
        f"{platform.system()}; load average {load:.1f}; {', '.join([python, *versions])}."
    )


def _text(cell: Cell, digits: int) -> str:
    if cell is None:
        return "–"
    return cell if isinstance(cell, str) else f"{cell:,.{digits}f}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    known = cpuinfo.read_text() if cpuinfo.exists() else ""
    found = re.search(r"^model name\s*: (.+)$", known, re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _memory_gigabytes() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
