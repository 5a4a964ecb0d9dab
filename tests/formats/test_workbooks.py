"""Workbooks of Excel become the same rows as a CSV file, or a reason."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from referral_hub.formats import workbooks
from referral_hub.formats.errors import BadFile
from referral_hub.formats.workbooks import is_workbook, workbook_csv


def a_book(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_cells_are_written_as_people_write_them() -> None:
    content = a_book(
        ["Name", "ZIP", "Since", "At", "Open", "Score", "Notes"],
        ["Soup", 60608, datetime(2026, 1, 2), time(9, 30), True, 1.5, "two\nlines"],  # noqa: DTZ001
        ["Soup", 60608.0, date(2026, 1, 2), None, False, 2, "a,b"],
    )
    assert workbook_csv(content).decode().splitlines() == [
        "Name,ZIP,Since,At,Open,Score,Notes",
        "Soup,60608,2026-01-02,09:30:00,true,1.5,two lines",
        'Soup,60608,2026-01-02,,false,2,"a,b"',
    ]


def test_rows_keep_their_numbers_and_empty_ones_at_the_end_are_left_out() -> None:
    content = a_book(["Name"], [None], ["Soup"], [None], [None])
    assert workbook_csv(content).decode() == "Name\n\nSoup\n"


def test_only_workbooks_are_workbooks() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("services.csv", "id")
    assert is_workbook(a_book(["Name"]))
    assert not is_workbook(packed.getvalue())
    assert not is_workbook(b"PK\x03\x04nonsense")
    assert not is_workbook(b"Name\n")


def damaged(what: str) -> bytes:
    """A workbook in which one file is not as it should be."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_book(["Name"], ["Soup"]))) as sound,
        zipfile.ZipFile(content, "w") as archive,
    ):
        for name in sound.namelist():
            if what not in name:
                archive.writestr(name, sound.read(name))
            elif what != "workbook.xml":
                archive.writestr(name, "<sheet")
    return content.getvalue()


@pytest.mark.parametrize("what", ["workbook.xml", "sheet1.xml", "Content_Types"])
def test_a_damaged_workbook_is_refused_with_what_to_do(what: str) -> None:
    with pytest.raises(BadFile, match="Save it as CSV"):
        workbook_csv(damaged(what))


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(BadFile, match="empty"):
        workbook_csv(a_book())


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = a_book(*[["Soup", "x"]] * 20)
    monkeypatch.setattr(workbooks, "MOST_ROWS", 10)
    with pytest.raises(BadFile, match="more than 10 rows"):
        workbook_csv(content)
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 100)
    with pytest.raises(BadFile, match="unpacks to more"):
        workbook_csv(content)


def with_sheet(xml: bytes) -> bytes:
    """A workbook whose sheet is this."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_book(["Name"]))) as sound,
        zipfile.ZipFile(content, "w") as archive,
    ):
        for name in sound.namelist():
            archive.writestr(name, xml if "sheet1.xml" in name else sound.read(name))
    return content.getvalue()


def a_sheet(dimension: str, *rows: tuple[int, list[str]]) -> bytes:
    """A sheet with texts in rows of these numbers."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    written = "".join(
        f'<row r="{number}">'
        + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
        + "</row>"
        for number, texts in rows
    )
    return (
        f'<worksheet xmlns="{space}"><dimension ref="{dimension}"/>'
        f"<sheetData>{written}</sheetData></worksheet>"
    ).encode()


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576"])
def test_what_a_sheet_says_of_its_size_is_not_believed(dimension: str) -> None:
    sheet = a_sheet(dimension, (1, ["Name", "City"]), (2, ["Soup", "Chicago"]))
    assert workbook_csv(with_sheet(sheet)).decode() == "Name,City\nSoup,Chicago\n"


def test_empty_rows_do_not_count_but_a_row_that_no_sheet_has_is_refused() -> None:
    sparse = a_sheet("A1", (1, ["Name"]), (150_000, ["Soup"]))
    assert workbook_csv(with_sheet(sparse)).decode().splitlines()[149_999] == "Soup"
    with pytest.raises(BadFile, match="rows"):
        workbook_csv(with_sheet(a_sheet("A1", (1, ["Name"]), (10**12, ["Soup"]))))


def test_entities_of_xml_are_not_made_larger() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">'.encode() for at in range(9)
    )
    bomb += b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&j;</t></is></c></row>"
    bomb += b"</sheetData></worksheet>"
    with pytest.raises(BadFile):
        workbook_csv(with_sheet(bomb))
