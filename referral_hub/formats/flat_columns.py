"""Which column of a flat CSV means what: names that people give to columns, as data."""

from collections.abc import Mapping, Sequence

from referral_hub.formats.errors import BadMapping
from referral_hub.formats.text import fold, quoted

NAME_TARGETS = ("organization_name", "service_name", "name")

_SITE_TARGETS = ("address_1", "city", "postal_code", "latitude", "phone", "email", "website")

WEEKDAY_TARGETS: dict[str, str] = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
"""Weekday code by target, for files with one column a weekday."""

_NAMES: dict[str, str] = {
    "id": "id, identifier, record id, source id, source hash, unique id, uid, uuid, objectid, fid, "
    "identificador",
    "organization_name": "organization name, organisation name, organization, organisation, "
    "agency name, agency, org name, org, provider name, provider, parent agency, "
    "nombre de la organizacion, organizacion, agencia",
    "service_name": "service name, service, program name, program, servicio, "
    "nombre del servicio, programa",
    "name": "name, site name, location name, site, location, title, pantry name, facility name, "
    "facility, nombre, nombre del sitio, sitio, lugar",
    "alternate_name": "alternate name, other name, also known as, aka, dba, otro nombre",
    "description": "description, about, details, summary, service description, notes, "
    "descripcion, detalles",
    "address_1": "address 1, address1, address line 1, street address, street, address, "
    "physical address, site address, location address, direccion, calle, domicilio",
    "address_2": "address 2, address2, address line 2, suite, unit, apt, apartment, floor, "
    "direccion 2, piso",
    "city": "city, town, municipality, locality, ciudad, municipio",
    "state_province": "state province, state, province, estado, provincia",
    "postal_code": "postal code, zip code, zipcode, zip, postcode, postalcode, codigo postal",
    "country": "country, country code, pais",
    "latitude": "latitude, lat, y, latitud",
    "longitude": "longitude, lon, lng, long, x, longitud",
    "phone": "phone, phone number, telephone, telephone number, tel, phone 1, main phone, "
    "contact phone, telefono, numero de telefono",
    "email": "email, e mail, email address, contact email, correo electronico, correo",
    "website": "website, web site, url, web, web address, homepage, link, sitio web, pagina web",
    "hours": "hours, hours of operation, opening hours, hours raw, open hours, schedule, "
    "days and hours, horario, horarios, horas",
    "eligibility": "eligibility, eligibility requirements, eligibility description, who can use, "
    "requirements, elegibilidad, requisitos",
    "application_process": "application process, how to apply, intake, intake procedure, "
    "como solicitar, proceso de solicitud",
    "languages": "languages, language, languages spoken, idiomas, idioma",
    "fees": "fees, fee, cost, costs, price, fee structure, costo, costos, tarifa, tarifas, precio",
    "category": "category, categories, service type, type, tags, categoria, categorias, tipo",
    "source_record": "source record, source, source url, source name, data source, scraper id, "
    "fuente",
    "monday": "monday, mon, monday hours, hours monday, lunes",
    "tuesday": "tuesday, tue, tues, tuesday hours, hours tuesday, martes",
    "wednesday": "wednesday, wed, wednesday hours, hours wednesday, miercoles",
    "thursday": "thursday, thu, thur, thurs, thursday hours, hours thursday, jueves",
    "friday": "friday, fri, friday hours, hours friday, viernes",
    "saturday": "saturday, sat, saturday hours, hours saturday, sabado",
    "sunday": "sunday, sun, sunday hours, hours sunday, domingo",
}

TARGETS: dict[str, tuple[str, ...]] = {
    target: tuple(names.split(", ")) for target, names in _NAMES.items()
}
"""Folded column names by target, the surest first."""


_TARGET_OF_FIELD = {
    "url": "website",
    "eligibility_description": "eligibility",
    "fees_description": "fees",
    "number": "phone",
    "opens_at": "hours",
    "closes_at": "hours",
    "byday": "hours",
}


def column_of(field: str, mapping: Mapping[str, str]) -> str:
    """The column from which a field of a record came; empty where none can be named."""
    if field in ("", "name"):
        return ", ".join(mapping[target] for target in NAME_TARGETS if mapping.get(target))
    return mapping.get(_TARGET_OF_FIELD.get(field, field), "")


def guess_mapping(headers: Sequence[str]) -> dict[str, str]:
    """Header by target, for every target that a header clearly names. A header serves once."""
    by_name: dict[str, str] = {}
    for header in headers:
        by_name.setdefault(fold(header), header)
    guessed: dict[str, str] = {}
    for target, names in TARGETS.items():
        found = next((by_name[name] for name in names if name in by_name), None)
        if found is not None:
            guessed[target] = found
    return guessed


def is_site_list(headers: Sequence[str]) -> bool:
    """Whether the columns are those of a list of sites: a name, and a place or a contact."""
    guessed = guess_mapping(headers)
    return any(map(guessed.__contains__, NAME_TARGETS)) and any(
        map(guessed.__contains__, _SITE_TARGETS)
    )


def settled_mapping(headers: Sequence[str], wanted: Mapping[str, str] | None) -> dict[str, str]:
    """The guessed mapping with the wanted one over it; a target of which an empty column is wanted
    has none. Raises BadMapping."""
    wanted = wanted or {}
    guessed = guess_mapping(headers)
    chosen = {target: _header(headers, target, name) for target, name in wanted.items() if name}
    taken = set(chosen.values())
    mapping = {
        target: header
        for target, header in guessed.items()
        if header not in taken and target not in wanted
    }
    mapping |= chosen
    if not any(target in mapping for target in NAME_TARGETS):
        raise BadMapping(
            "No column holds a name. Say which one does: map “name”, “organization_name” or "
            f"“service_name” to one of the columns {_listed(headers)}."
        )
    return mapping


def _header(headers: Sequence[str], target: str, name: str) -> str:
    if target not in TARGETS:
        raise BadMapping(f"“{quoted(target)}” is no target. Targets are {_listed(list(TARGETS))}.")
    if name in headers:
        return name
    alike = [header for header in headers if fold(header) == fold(name)]
    if len(alike) != 1:
        raise BadMapping(
            f"There is no column “{quoted(name)}” for “{target}”. Columns are {_listed(headers)}."
        )
    return alike[0]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{quoted(name)}”" for name in names) or "missing altogether"
