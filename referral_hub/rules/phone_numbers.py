"""Telephone numbers of people: E.164, with U.S. numbers taken as people write them."""

import re

_NORTH_AMERICAN = re.compile(r"[2-9]\d\d[2-9]\d{6}")
_ABROAD = re.compile(r"[2-9]\d{6,14}")
_WRITTEN = re.compile(r"\+?[\d\s().\-–/]+")


def e164(text: str) -> str | None:
    """The number as +17735550143; None where it is none. Abroad needs a plus and the country."""
    written = text.strip()
    if not written.isascii() and "–" not in written:
        return None
    if not _WRITTEN.fullmatch(written):
        return None
    digits = digits_of(written)
    if written.startswith("+") and not digits.startswith("1"):
        return f"+{digits}" if _ABROAD.fullmatch(digits) else None
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    elif written.startswith("+"):
        return None
    return f"+1{digits}" if _NORTH_AMERICAN.fullmatch(digits) else None


def national(number: str) -> str:
    """A number as people in North America write it, (773) 555-0143; others as they are."""
    digits = number.removeprefix("+1")
    if number.startswith("+1") and len(digits) == 10:
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return number


def digits_of(text: str) -> str:
    """The digits 0 to 9 of a text."""
    return "".join(sign for sign in text if sign in "0123456789")


def subscriber_digits(text: str) -> str:
    """The digits of a number, without the country of North American ones."""
    digits = digits_of(text)
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
