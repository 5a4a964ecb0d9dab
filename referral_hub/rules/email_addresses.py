"""What an e-mail address may be: one that a mail can be sent to, as every mail server takes it."""

import re

MOST_EMAIL = 254
NO_EMAIL = "Use an e-mail address such as name@agency.org."
_MOST_LOCAL = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


def is_email(text: str) -> bool:
    """Whether mail can be sent to an address.

    The part before the @ must be plain ASCII: other letters there need servers that speak
    SMTPUTF8, which many do not. A domain may be written in any script.
    """
    local, _, domain = text.rpartition("@")
    try:
        plain = domain.encode("idna").decode()
    except UnicodeError:
        return False
    return (
        len(local) <= _MOST_LOCAL
        and len(local) + 1 + len(plain) <= MOST_EMAIL
        and _LOCAL.fullmatch(local) is not None
        and _DOMAIN.fullmatch(plain) is not None
        and domain.isprintable()
    )
