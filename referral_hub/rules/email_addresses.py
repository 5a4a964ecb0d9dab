"""What an e-mail address may be: one that a mail can be sent to, as every mail server takes it."""

import re
from unicodedata import normalize

MOST_EMAIL = 254
NO_EMAIL = "Use an e-mail address such as name@agency.org."
_MOST_LOCAL = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


def sent_domain(domain: str) -> str:
    """A domain as it is sent: plain ASCII in small letters. Raises ValueError for one that cannot
    be; it is measured first, since to encode a long one takes long."""
    if len(domain) > MOST_EMAIL:
        raise ValueError("longer than any address")
    return domain.encode("idna").decode().lower()


def folded(email: str) -> str:
    """An e-mail address, or what was typed as one, in the form in which equal ones are the same."""
    text = normalize("NFKC", email.strip()).casefold()
    local, at, domain = text.rpartition("@")
    try:
        return local + at + sent_domain(domain)
    except ValueError:
        return text


def is_email(text: str) -> bool:
    """Whether mail can be sent to an address.

    The part before the @ must be plain ASCII: other letters there need servers that speak
    SMTPUTF8, which many do not. A domain may be written in any script.
    """
    local, _, domain = text.rpartition("@")
    try:
        plain = sent_domain(domain)
    except ValueError:
        return False
    return (
        len(local) <= _MOST_LOCAL
        and len(local) + 1 + len(plain) <= MOST_EMAIL
        and _LOCAL.fullmatch(local) is not None
        and _DOMAIN.fullmatch(plain) is not None
        and domain.isprintable()
    )
