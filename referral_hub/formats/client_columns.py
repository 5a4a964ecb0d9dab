"""Which column of a list of clients means what: headers that other systems export, as data."""

from collections.abc import Mapping, Sequence

from referral_hub.formats.errors import BadMapping
from referral_hub.formats.text import fold, quoted
from referral_hub.rules.client_profile import FIELDS

FULL_NAME = "full_name"
"""A column with first and last name in one."""
_NAMES: Mapping[str, str] = {
    "given_name": "first name, given name, firstname, first, fname, client first name, "
    "legal first name, nombre, primer nombre",
    "family_name": "last name, family name, lastname, surname, last, lname, client last name, "
    "legal last name, apellido, apellidos",
    FULL_NAME: "full name, name, client name, client, participant, participant name, "
    "nombre completo, cliente",
    "preferred_name": "preferred name, name to use, nickname, goes by, alias, apodo",
    "birth_date": "date of birth, birth date, birthdate, dob, birthday, client dob, "
    "fecha de nacimiento, nacimiento",
    "gender": "gender, gender identity, sex, genero, sexo",
    "languages": "languages, language, primary language, preferred language, languages spoken, "
    "idioma, idiomas",
    "interpreter_needed": "needs an interpreter, interpreter needed, interpreter, "
    "needs interpreter, interprete",
    "phone": "phone, phone number, telephone, mobile, mobile phone, cell, cell phone, "
    "primary phone, home phone, phone 1, tel, telefono, celular",
    "other_phone": "other phone, phone 2, secondary phone, alternate phone, work phone, "
    "second phone, otro telefono",
    "email": "email, e mail, email address, e mail address, correo electronico, correo",
    "street": "street, address, street address, address 1, address line 1, address1, "
    "home address, direccion, calle",
    "city": "city, town, ciudad",
    "state": "state, st, province, estado",
    "zip": "zip code, zip, zipcode, postal code, postcode, codigo postal",
    "contact_ways": "safe ways to make contact, safe contact methods, contact method, "
    "preferred contact method, preferred contact, contact preference, ok to contact by",
    "contact_times": "safe times, best time to call, best time to contact, contact times",
    "never": "never do this, do not contact, contact restrictions, safety note, "
    "contact instructions",
    "household_size": "people in the household, household size, family size, hh size, "
    "number in household",
    "children": "children in the household, children, number of children, dependents, hijos",
    "housing": "housing now, housing status, housing, living situation, vivienda",
    "veteran": "veteran, veteran status, is veteran, veterano",
    "student": "student, is student, in school, estudiante",
    "pregnant": "pregnant, pregnancy status, embarazada",
    "disability": "has a disability, disability, disabled, disabling condition, discapacidad",
    "income": "household income a month, monthly income, household income, income, "
    "total monthly income, ingresos",
    "benefits": "benefits, public benefits, non cash benefits, beneficios",
    "insurance": "health insurance, insurance, insurance type, seguro medico, seguro",
    "documents": "documents at hand, documents, id documents, documentos",
    "education": "education, education level, highest grade, educacion",
    "health": "health, health conditions, medical conditions, salud",
    "substance_use": "substance use, substance abuse",
    "violence": "domestic or sexual violence, domestic violence, dv, violence",
    "immigration": "immigration, immigration status, inmigracion",
    "legal": "legal matters, legal, legal issues",
    "adverse_party": "the other side of a legal matter, adverse party, opposing party",
}
TARGETS: Mapping[str, tuple[str, ...]] = {
    target: tuple(names.split(", ")) for target, names in _NAMES.items()
}
"""Folded headers by field, the surest first."""


def columns_of(headers: Sequence[str], wanted: Mapping[str, str] | None = None) -> dict[str, str]:
    """Header by field, for each field that a header names; `wanted` says so where it does not.

    Raises BadMapping for a field or header that there is not, and where no column holds a name.
    """
    by_name: dict[str, str] = {}
    for header in headers:
        by_name.setdefault(fold(header), header)
    chosen = {field: _header(headers, field, header) for field, header in (wanted or {}).items()}
    taken = set(chosen.values())
    found = dict(chosen)
    for field, names in TARGETS.items():
        named = next((by_name[name] for name in names if name in by_name), None)
        if field not in found and named is not None and named not in taken:
            found[field] = named
            taken.add(named)
    if not {"given_name", "family_name", "preferred_name", FULL_NAME} & set(found):
        listed = ", ".join(quoted(header) for header in headers[:20]) or "none"
        raise BadMapping(
            "No column holds a name. Call one “First name”, “Last name” or “Full name”. "
            f"The columns of the file are: {listed}."
        )
    return found


def _header(headers: Sequence[str], field: str, header: str) -> str:
    if field != FULL_NAME and field not in FIELDS:
        raise BadMapping(f"There is no field “{quoted(field)}”.")
    if header not in headers:
        raise BadMapping(f"There is no column “{quoted(header)}”.")
    return header
