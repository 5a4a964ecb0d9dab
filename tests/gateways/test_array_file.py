"""Arrays kept in a file."""

from pathlib import Path

import numpy as np
import pytest

from referral_hub.gateways.array_file import Arrays, load_or_make

NAMES = ("one", "two")


class Maker:
    """Makes two arrays and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Arrays:
        self.times += 1
        return {"one": np.arange(3), "two": np.array([b"a", b"bc"])}


def load(path: Path | None, make: Maker) -> dict[str, list[object]]:
    return {name: array.tolist() for name, array in load_or_make(path, NAMES, make).items()}


def test_arrays_are_made_once_and_then_read(tmp_path: Path) -> None:
    make, path = Maker(), tmp_path / "new" / "kept.npz"
    assert load(path, make) == load(path, make) == {"one": [0, 1, 2], "two": [b"a", b"bc"]}
    assert make.times == 1
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("damage", ["torn", "empty", "foreign", "lacking"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: str) -> None:
    make, path = Maker(), tmp_path / "kept.npz"
    first = load(path, make)
    if damage == "lacking":
        np.savez(path, one=np.arange(3))
    else:
        whole = path.read_bytes()
        path.write_bytes({"torn": whole[:100], "empty": b"", "foreign": b"text" * 99}[damage])
    assert load(path, make) == first
    assert load(path, make) == first
    assert make.times == 2


def test_a_folder_that_cannot_be_made_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    make = Maker()
    assert load(tmp_path / "file" / "below" / "kept.npz", make) == load(None, make)
    assert make.times == 2
