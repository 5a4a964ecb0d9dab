"""Writes records as one JSON list."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_json_list(path: Path, records: Iterable[Mapping[str, object]]) -> None:
    """Write the records one by one as a JSON list, one a line."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write("[")
        for number, record in enumerate(records):
            stream.write(",\n" if number else "\n")
            json.dump(record, stream, ensure_ascii=False)
        stream.write("\n]\n")
