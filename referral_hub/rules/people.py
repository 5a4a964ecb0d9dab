"""What a name and an e-mail address of a person may be."""

import re

from referral_hub.rules.errors import InvalidInput

MOST_NAME, MOST_EMAIL = 120, 254
_EMAIL = re.compile(r"[^\s@,;<>()\[\]\\\"]{1,64}@[^\s@,;<>()\[\]\\\"]+\.[^\s@,;<>()\[\]\\\".]{2,}")


def check_person(name: str, email: str) -> tuple[str, str]:
    """Name and address without blanks around them. Raises InvalidInput naming each wrong one."""
    name, email = " ".join(name.split()), email.strip()
    faults = {}
    if not name or len(name) > MOST_NAME or not name.isprintable():
        faults["name"] = f"Use a name of 1 to {MOST_NAME} characters."
    if len(email) > MOST_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        faults["email"] = "Use an e-mail address such as name@agency.org."
    if faults:
        raise InvalidInput("Please check name and e-mail address.", faults)
    return name, email


def check_name(name: str) -> str:
    """A name of a person. Raises InvalidInput."""
    return check_person(name, "somebody@agency.example")[0]
