"""Folders and archives: what is taken from them and what is refused."""

import zipfile
from pathlib import Path

import pytest

from referral_hub.formats.errors import BadFile, UnknownFormat
from referral_hub.formats.packages import MOST_FILES, Member, open_package, refuse_larger
from tests.formats.reading import reading

ORGANIZATIONS = "id,name\n1,Food Bank\n"


def archive(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in files.items():
            target.writestr(name, text)
    return path


def test_an_archive_reads_like_the_folder_it_was_made_of(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"data/organizations.csv": ORGANIZATIONS})
    record = reading(path).one("organization")
    assert (record.id, record.origin.file) == ("1", "data/organizations.csv")


def test_names_that_leave_the_archive_are_passed_over_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    path = archive(tmp_path / "a.zip", {"../../organizations.csv": ORGANIZATIONS})
    before = sorted(tmp_path.rglob("*"))
    assert [member.name for member in members(path)] == []
    assert sorted(tmp_path.rglob("*")) == before


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    files = {"__MACOSX/._organizations.csv": "x", ".DS_Store": "x", "organizations.csv": "id\n"}
    path = archive(tmp_path / "a.zip", files)
    assert [member.name for member in members(path)] == ["organizations.csv"]


def test_an_archive_that_swells_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"organizations.csv": "0" * 20_000_000})
    with pytest.raises(BadFile, match="200 times"):
        reading(path)


def test_what_an_archive_unpacks_to_is_asked_before_it_is_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.csv": "0" * 600, "b.csv": "0" * 600})
    refuse_larger(path, 1200)
    with pytest.raises(BadFile, match="unpacks to more"):
        refuse_larger(path, 1199)
    plain = tmp_path / "a.csv"
    plain.write_text("0" * 600)
    refuse_larger(plain, 1)


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {f"{n}.csv": "" for n in range(MOST_FILES + 1)})
    with pytest.raises(BadFile, match="1001 files"):
        reading(path)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"organizations.csv": ORGANIZATIONS * 50})
    content = bytearray(path.read_bytes())
    content[60:70] = b"\x00" * 10
    path.write_bytes(content)
    with pytest.raises(BadFile):
        reading(path)


def test_an_office_workbook_is_named_as_such(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.xlsx", {"[Content_Types].xml": "<x/>"})
    with pytest.raises(UnknownFormat, match="Save its sheets as CSV"):
        reading(path)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"no file or folder “gone\.csv”"):
        reading(tmp_path / "gone.csv")


def members(path: Path) -> tuple[Member, ...]:
    with open_package(path) as package:
        return package.members
