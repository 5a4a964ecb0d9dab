"""What is known of a client: the profile, as it is sealed, shown, shared and imported.

Each field belongs to one category of what can be shared (`rules.consent.Category`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from json import dumps, loads
from typing import Any

from referral_hub.rules.clients import ContactWay
from referral_hub.rules.consent import Category


@dataclass(frozen=True, slots=True)
class Profile:
    """A client's profile. Texts are empty and lists have no members where nothing is known.

    `contact_ways` are the ways that are safe; with none it is not known that any is. `never` says
    what must not happen, such as a message left with somebody. `income` is in US dollars a month.
    `languages` are ISO 639-1 codes, the preferred one first. `pregnant`, `veteran`, `student` and
    `disability` are None where nobody asked. `relation` is what somebody of the household is to
    the client; a client has none.
    """

    given_name: str = ""
    family_name: str = ""
    preferred_name: str = ""
    birth_date: date | None = None
    gender: str = ""
    languages: tuple[str, ...] = ()
    interpreter_needed: bool = False
    phone: str = ""
    other_phone: str = ""
    email: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    contact_ways: tuple[ContactWay, ...] = ()
    contact_times: str = ""
    never: str = ""
    household_size: int | None = None
    children: int | None = None
    housing: str = ""
    veteran: bool | None = None
    student: bool | None = None
    pregnant: bool | None = None
    disability: bool | None = None
    income: int | None = None
    benefits: str = ""
    insurance: str = ""
    documents: str = ""
    education: str = ""
    health: str = ""
    substance_use: str = ""
    violence: str = ""
    immigration: str = ""
    legal: str = ""
    adverse_party: str = ""
    relation: str = ""


FIELDS = tuple(field.name for field in fields(Profile))
CATEGORY_OF: Mapping[str, Category] = {
    name: category
    for category, names in {
        Category.BASIC_CONTACT: (
            "given_name", "family_name", "preferred_name", "birth_date", "gender", "languages",
            "interpreter_needed", "phone", "other_phone", "email", "street", "city", "state",
            "zip", "contact_ways", "contact_times", "never",
        ),
        Category.HOUSEHOLD: ("household_size", "children", "housing", "veteran", "relation"),
        Category.INCOME_AND_BENEFITS: ("income", "benefits", "insurance"),
        Category.DOCUMENTS: ("documents",),
        Category.EDUCATION_RECORDS: ("education", "student"),
        Category.HEALTH: ("health", "pregnant", "disability"),
        Category.SUBSTANCE_USE: ("substance_use",),
        Category.VIOLENCE: ("violence",),
        Category.IMMIGRATION: ("immigration",),
        Category.LEGAL: ("legal", "adverse_party"),
    }.items()
    for name in names
}  # fmt: skip
"""Each field of a profile with the category in which it is shared. `need` is no part of a profile:
it holds the need, its urgency, and the reason for the referral."""
LABEL: Mapping[str, str] = {
    "given_name": "First name",
    "family_name": "Last name",
    "preferred_name": "Name to use",
    "birth_date": "Date of birth",
    "gender": "Gender",
    "languages": "Languages",
    "interpreter_needed": "Needs an interpreter",
    "phone": "Phone",
    "other_phone": "Other phone",
    "email": "E-mail",
    "street": "Street",
    "city": "City",
    "state": "State",
    "zip": "ZIP code",
    "contact_ways": "Safe ways to make contact",
    "contact_times": "Safe times",
    "never": "Never do this",
    "household_size": "People in the household",
    "children": "Children in the household",
    "housing": "Housing now",
    "relation": "Relation to the client",
    "veteran": "Veteran",
    "student": "Student",
    "pregnant": "Pregnant",
    "disability": "Has a disability",
    "income": "Household income a month",
    "benefits": "Benefits",
    "insurance": "Health insurance",
    "documents": "Documents at hand",
    "education": "Education",
    "health": "Health",
    "substance_use": "Substance use",
    "violence": "Domestic or sexual violence",
    "immigration": "Immigration",
    "legal": "Legal matters",
    "adverse_party": "The other side of a legal matter",
}


def full_name(profile: Profile) -> str:
    """How the client is called in lists."""
    first = profile.preferred_name or profile.given_name
    return f"{first} {profile.family_name}".strip()


def to_json(profile: Profile) -> str:
    """The profile as it is sealed: only what is known."""
    known = {name: value for name, value in asdict(profile).items() if value not in ("", (), None)}
    return dumps(known, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)


def from_json(text: str) -> Profile:
    """A profile that was sealed; fields that exist no longer are left out."""
    return from_values(loads(text))


def from_values(values: Mapping[str, Any]) -> Profile:
    """A profile from JSON's values."""
    known = {name: value for name, value in values.items() if name in FIELDS}
    if isinstance(known.get("birth_date"), str):
        known["birth_date"] = date.fromisoformat(known["birth_date"])
    if "languages" in known:
        known["languages"] = tuple(known["languages"])
    if "contact_ways" in known:
        known["contact_ways"] = tuple(map(ContactWay, known["contact_ways"]))
    return Profile(**known)
