"""What a text may be that somebody typed: what a database can hold and a person can read."""

from unicodedata import category

from referral_hub.rules.errors import ControlCharacters

JOINERS = frozenset("\u200c\u200d")
"""They cannot be seen, but say how the letters beside them are written."""
_CONTROLS_OF_TEXT = frozenset("\t\n\r")
_UNREADABLE = frozenset({"Cc", "Cs"})  # control characters, and halves of characters


def is_readable(text: str) -> bool:
    """Whether a text has no control characters but tabs and line breaks."""
    return text.isprintable() or not any(
        category(sign) in _UNREADABLE and sign not in _CONTROLS_OF_TEXT for sign in text
    )


def require_readable(text: str, field: str = "") -> None:
    """Raise ControlCharacters, naming the field, for a text that is not readable."""
    if not is_readable(text):
        message = "Leave out control characters: nobody can read them."
        raise ControlCharacters(message, {field: message} if field and is_readable(field) else None)


def on_one_line(text: str) -> str:
    """A text with single blanks between its words."""
    return " ".join(text.split())


def is_line(text: str, most: int) -> bool:
    """Whether a text is 1 to so many characters, all of which can be seen, on one line."""
    return 0 < len(text) <= most and text.isprintable()


def is_name(text: str, most: int) -> bool:
    """As `is_line`, also with the joiners that Persian, Hindi and others spell names with."""
    seen = "".join(sign for sign in text if sign not in JOINERS)
    return len(text) <= most and is_line(seen, most)


def is_passage(text: str, most: int) -> bool:
    """Whether a text is at most so many characters, on any number of lines, or empty."""
    return len(text) <= most and is_readable(text)
