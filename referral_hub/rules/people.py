"""What a name and an e-mail address of a person may be."""

from referral_hub.rules.email_addresses import NO_EMAIL, is_email
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.texts import is_line, on_one_line

MOST_NAME = 120


def check_person(name: str, email: str) -> tuple[str, str]:
    """Name and address without blanks around them. Raises InvalidInput naming each wrong one."""
    name, email = on_one_line(name), email.strip()
    faults = {}
    if not is_line(name, MOST_NAME):
        faults["name"] = f"Use a name of 1 to {MOST_NAME} characters."
    if not is_email(email):
        faults["email"] = NO_EMAIL
    if faults:
        raise InvalidInput("Please check name and e-mail address.", faults)
    return name, email


def check_name(name: str) -> str:
    """A name of a person. Raises InvalidInput."""
    return check_person(name, "somebody@agency.example")[0]


def check_email(email: str) -> str:
    """An e-mail address of a person. Raises InvalidInput."""
    return check_person("Somebody", email)[1]
