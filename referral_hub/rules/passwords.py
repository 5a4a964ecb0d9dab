"""What a password may be: long enough, and not one that others would try first.

No rules on kinds of characters: they make passwords worse (NIST SP 800-63B-4, section 3.1.1).
"""

import re
from collections.abc import Callable, Iterable
from unicodedata import normalize

from referral_hub.rules.sign_in import LEAST_PASSWORD, MOST_PASSWORD

OF_THE_HUB = ("referral", "hub", "referralhub")
LEAST_LETTERS = 4
"""With fewer letters of its own than that, a password is but a name with trimmings."""
_NO_LETTERS = re.compile(r"[\W\d_]+")


def as_typed_alike(password: str) -> str:
    """A password in the one form that all keyboards' ways to type it share."""
    return normalize("NFKC", password)


def password_fault(
    password: str, own: Iterable[str], is_common: Callable[[str], bool]
) -> str | None:
    """Why a password cannot be used, as a sentence; None when it can.

    `own` are names and addresses of the person, which others know as well.
    """
    length = len(as_typed_alike(password))
    if length < LEAST_PASSWORD:
        return f"Use at least {LEAST_PASSWORD} characters. A few words in a row work well."
    if length > MOST_PASSWORD:
        return f"Use at most {MOST_PASSWORD} characters."
    if is_common(password):
        return "Many people use this password. Choose one that is harder to guess."
    if _is_own(password, own):
        return "Do not build the password from your name, your e-mail or the name of this site."
    return None


def _is_own(password: str, own: Iterable[str]) -> bool:
    """Whether little is left of a password without what everybody knows of the person."""
    letters = _NO_LETTERS.sub("", as_typed_alike(password).casefold())
    words = {word for text in (*own, *OF_THE_HUB) for word in _words(text)}
    rest = letters
    for word in sorted(words, key=lambda word: (-len(word), word)):
        rest = rest.replace(word, "")
    return rest != letters and len(rest) < LEAST_LETTERS


def _words(text: str) -> set[str]:
    """The words of a name or an address, and all of them as one."""
    parts = _NO_LETTERS.split(as_typed_alike(text).casefold())
    return {word for word in (*parts, "".join(parts)) if len(word) >= 3}
