"""Cells of tables that people open in a spreadsheet."""

# Where the keyboard writes wide signs, spreadsheets read those as well (OWASP, "CSV Injection").
_BEGINS_A_FORMULA = tuple("=+-@＝＋－＠\t\r\n")


def safe_cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_BEGINS_A_FORMULA) else value
