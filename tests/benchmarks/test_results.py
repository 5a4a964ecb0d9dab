"""Tables and sections of the file of results."""

from pathlib import Path

from benchmarks.results import table, write_section


def test_a_table_shows_numbers_texts_and_gaps() -> None:
    lines = table(["engine", "ms"], [["one", 1234.56], ["two", None]]).splitlines()
    assert lines[0] == "| engine | ms      |"
    assert lines[2] == "| one    | 1,234.6 |"
    assert lines[3] == "| two    | –       |"


def test_a_section_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    write_section("first", "old \\1", file)
    write_section("second", "stays", file)
    file.write_text(file.read_text() + "\nBy hand.\n")
    write_section("first", "new \\1", file)
    text = file.read_text()
    assert "old" not in text
    assert text.index("new \\1") < text.index("stays") < text.index("By hand.")
    assert text.count("<!-- first:start -->") == 1
