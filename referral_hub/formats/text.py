"""Text as files hold it: cleaned, folded, split and cut."""

import re
import unicodedata

_STRONG_SEPARATORS = re.compile(r"[;|]")
_COMMAS_AND_BRACKETS = re.compile(r"[,()]")
_LONGEST_QUOTE = 200


def clean(text: str) -> str:
    """Text without outer white space, NUL characters and halves of surrogate pairs."""
    return washed(text).strip()


def washed(text: str) -> str:
    """Text as it was written, but for NUL characters and halves of surrogate pairs.

    Outer spaces stay, so that what is imported can be exported equal; blank text becomes "".
    """
    if "\x00" in text:
        text = text.replace("\x00", "")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return "" if text.isspace() else text


def fold(text: str) -> str:
    """Lower-case words without accents and punctuation, one space between them."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(
        sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)
    )
    return " ".join(letters.split())


def one_line(text: str) -> str:
    """Text with every run of white space made one space."""
    return " ".join(text.split())


def quoted(value: object) -> str:
    """A value as a problem shows it, cut to a readable length."""
    text = one_line(clean(str(value)))
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def split_list(text: str) -> list[str]:
    """Parts of a list written in one cell: by `;` or `|` where there are any, else by commas.

    A comma within brackets belongs to its part.
    """
    if _STRONG_SEPARATORS.search(text):
        parts = _STRONG_SEPARATORS.split(text)
    else:
        parts = _split_at_commas(text)
    return [part for part in map(str.strip, parts) if part]


def _split_at_commas(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for sign in _COMMAS_AND_BRACKETS.finditer(text):
        if sign.group() == "," and depth == 0:
            parts.append(text[start : sign.start()])
            start = sign.end()
        elif sign.group() != ",":
            depth = max(0, depth + (1 if sign.group() == "(" else -1))
    return [*parts, text[start:]]
