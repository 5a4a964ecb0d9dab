"""Cells of tables that people open in a spreadsheet."""


def safe_cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
