"""Small inputs, written and read back in one go."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from referral_hub.formats.detect import Format
from tests.formats.reading import Reading, reading

ReadFiles = Callable[..., Reading]
ReadJson = Callable[..., Reading]


@pytest.fixture
def read_files(tmp_path: Path) -> ReadFiles:
    """Read a folder of files given by name, with their text or bytes."""

    def read(files: dict[str, str | bytes], form: Format | None = None) -> Reading:
        for name, content in files.items():
            path = tmp_path / "package" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return reading(tmp_path / "package", form)

    return read


@pytest.fixture
def read_json(tmp_path: Path) -> ReadJson:
    """Read a value as a JSON file."""

    def read(value: object, name: str = "feed.json") -> Reading:
        path = tmp_path / name
        path.write_text(json.dumps(value), encoding="utf-8")
        return reading(path, Format.HSDS_JSON)

    return read


@pytest.fixture
def read_text(tmp_path: Path) -> Callable[..., Reading]:
    """Read a file given by its text."""

    def read(
        text: str | bytes,
        name: str = "sites.csv",
        form: Format | None = None,
        mapping: dict[str, str] | None = None,
    ) -> Reading:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return reading(path, form, mapping)

    return read
