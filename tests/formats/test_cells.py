"""Cells that people open in a spreadsheet."""

import pytest

from referral_hub.formats.cells import safe_cell


@pytest.mark.parametrize("sign", "=+-@＝＋－＠\t\r\n")
def test_what_begins_a_formula_is_text(sign: str) -> None:
    assert safe_cell(f"{sign}SUM(A1)") == f"'{sign}SUM(A1)"


@pytest.mark.parametrize("value", ["", "Rosa", "1842 W Cermak Rd", "a=b", "'quoted"])
def test_everything_else_stays_as_it_is(value: str) -> None:
    assert safe_cell(value) == value
