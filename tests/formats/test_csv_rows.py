"""CSV files as they come: encodings, delimiters, faulty rows, line numbers."""

import io
from pathlib import Path

import pytest

from referral_hub.formats.csv_rows import CsvFile, Row
from referral_hub.formats.packages import Member
from referral_hub.formats.records import Problem, Severity


def opened(content: str | bytes) -> CsvFile:
    data = content.encode() if isinstance(content, str) else content
    return CsvFile(Member("sites.csv", lambda: io.BytesIO(data)))


def rows(content: str | bytes) -> list[Row]:
    return [row for row in opened(content).rows() if isinstance(row, Row)]


def problems(content: str | bytes) -> list[Problem]:
    file = opened(content)
    return file.problems + [row for row in file.rows() if isinstance(row, Problem)]


def test_cells_stay_as_they_are_and_empty_ones_are_left_out() -> None:
    assert rows("id,name,city\n1,Food Bank ,   \n") == [Row(2, {"id": "1", "name": "Food Bank "})]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(sign: str) -> None:
    assert rows(f'id{sign}name\n1{sign}"A, B; C"\n')[0].cells == {"id": "1", "name": "A, B; C"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_byte_order_mark(encoding: str) -> None:
    content = "id,name\n1,Niños\n".encode(encoding)
    assert rows(content) == [Row(2, {"id": "1", "name": "Niños"})]
    assert problems(content) == []


def test_windows_text_is_read_and_said_with_the_line() -> None:
    content = "id,name\n1,Plain\n2,Niños\n".encode("cp1252")
    assert rows(content)[1].cells["name"] == "Niños"
    (problem,) = problems(content)
    assert (problem.code, problem.severity, problem.origin.line) == (
        "old_encoding",
        Severity.NOTICE,
        3,
    )


def test_windows_text_is_known_by_its_very_last_byte() -> None:
    assert rows("id,name\n1,Café".encode("cp1252"))[0].cells["name"] == "Café"


def test_a_row_is_known_by_the_physical_line_where_it_starts() -> None:
    text = 'id,name\r\n1,"two\r\nlines"\r\n2,next\r\n'
    assert [row.line for row in rows(text)] == [2, 4]


def test_a_row_of_empty_cells_is_an_error_with_its_line() -> None:
    (problem,) = problems("id,name\n1,A\n , \n2,B\n")
    assert (problem.code, problem.severity, problem.origin.line) == (
        "blank_row",
        Severity.ERROR,
        3,
    )


def test_empty_lines_are_no_rows() -> None:
    assert problems("id,name\n\n1,A\n\n\n") == []
    assert [row.line for row in rows("id,name\n\n1,A\n\n\n")] == [3]


def test_a_row_with_too_many_fields_is_refused() -> None:
    (problem,) = problems("id,name\n1,Smith, Jones\n")
    assert (problem.code, problem.severity) == ("ragged_row", Severity.ERROR)
    assert rows("id,name\n1,Smith, Jones\n") == []


def test_empty_fields_past_the_header_do_no_harm() -> None:
    assert problems("id,name\n1,A,,\n") == []


def test_a_short_row_is_read_with_a_warning() -> None:
    text = "id,name,city\n1,A\n"
    (problem,) = problems(text)
    assert (problem.code, problem.severity) == ("ragged_row", Severity.WARNING)
    assert rows(text)[0].cells == {"id": "1", "name": "A"}


def test_an_open_quote_is_reported_with_the_lines_it_swallowed() -> None:
    (problem,) = problems('id,name,city\n1,"A,B\n2,C,D\n')
    assert problem.origin.line == 2
    assert "from line 2 to line 3" in problem.reason


def test_nul_characters_are_taken_out() -> None:
    assert rows("id,name\n1,A\x00B\n")[0].cells["name"] == "AB"


def test_a_column_that_stands_twice_is_said_and_read_once() -> None:
    text = "id,name,name\n1,A,B\n"
    assert [problem.code for problem in problems(text)] == ["double_column"]
    assert rows(text)[0].cells["name"] == "A"


def test_a_field_of_a_megabyte_is_read() -> None:
    outline = "x" * 1_000_000
    assert rows(f"id,extent\n1,{outline}\n")[0].cells["extent"] == outline


def test_a_field_past_all_measure_is_an_error_and_reading_goes_on() -> None:
    endless = "x" * 17_000_000
    text = f'id,name\n1,"{endless}"\n2,B\n'
    assert problems(text)[0].severity is Severity.ERROR
    assert rows(text)[-1].cells == {"id": "2", "name": "B"}


def test_a_file_is_opened_anew_for_every_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id\n1\n")
    file = CsvFile(Member("a.csv", lambda: path.open("rb")))
    assert list(file.rows()) == list(file.rows()) == [Row(2, {"id": "1"})]
