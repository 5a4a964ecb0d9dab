"""What a name and an e-mail address of a person may be."""

from referral_hub.rules.email_addresses import NO_EMAIL, is_email
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.texts import is_name, on_one_line

MOST_NAME = 120
NO_NAME = f"Use a name of 1 to {MOST_NAME} letters that can be seen."


def check_person(name: str, email: str) -> tuple[str, str]:
    """Name and address without blanks around them. Raises InvalidInput naming each wrong one."""
    faults: dict[str, str] = {}
    checked = []
    for check, value in ((check_name, name), (check_email, email)):
        try:
            checked.append(check(value))
        except InvalidInput as error:
            faults |= error.fields
    if faults:
        raise InvalidInput("Please check name and e-mail address.", faults)
    return checked[0], checked[1]


def check_name(name: str) -> str:
    """A name of a person. Raises InvalidInput."""
    name = on_one_line(name)
    if not is_name(name, MOST_NAME):
        raise InvalidInput(NO_NAME, {"name": NO_NAME})
    return name


def check_email(email: str) -> str:
    """An e-mail address of a person. Raises InvalidInput."""
    email = email.strip()
    if not is_email(email):
        raise InvalidInput(NO_EMAIL, {"email": NO_EMAIL})
    return email
