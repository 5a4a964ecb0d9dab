"""Sections of listings: all their texts, and the edits that other texts mean."""

from referral_hub.rules.listing_sections import (
    InProgram,
    Lines,
    MainAddress,
    Options,
    Own,
    Rows,
    Section,
    Sites,
    Who,
)
from referral_hub.rules.listings import RowEdit
from referral_hub.use_cases.listing_forms.editing import Editing, Texts
from referral_hub.use_cases.listing_forms.lines import (
    kept_rows,
    not_understood,
    read_lines,
    write_lines,
)
from referral_hub.use_cases.listing_forms.own import read_own, write_own
from referral_hub.use_cases.listing_forms.places import (
    read_address,
    read_sites,
    site_options,
    write_address,
    write_sites,
)
from referral_hub.use_cases.listing_forms.programs import (
    program_options,
    read_program,
    write_program,
)
from referral_hub.use_cases.listing_forms.rows import kept_parts, read_rows, write_rows
from referral_hub.use_cases.listing_forms.who import kept_conditions, read_who, write_who


def read_section(section: Section, editing: Editing) -> dict[str, str]:
    """Every field of a section as its form shows it."""
    texts: dict[str, str] = {}
    for part in section.parts:
        match part:
            case Own():
                texts |= read_own(part, editing)
            case Lines():
                texts |= read_lines(part, editing)
            case Rows():
                texts |= read_rows(part, editing)
            case Who():
                texts |= read_who(part, editing)
            case MainAddress():
                texts |= read_address(part, editing)
            case Sites():
                texts |= read_sites(part, editing)
            case InProgram():
                texts |= read_program(part, editing)
    return texts


def write_section(section: Section, editing: Editing, before: Texts, after: Texts) -> list[RowEdit]:
    """The edits that lead from some texts to others; what is wrong is among the faults then."""
    edits: list[RowEdit] = []
    for part in section.parts:
        match part:
            case Own():
                edits += write_own(part, editing, before, after)
            case Lines():
                edits += write_lines(part, editing, before, after)
            case Rows():
                edits += write_rows(part, editing, before, after)
            case Who():
                edits += write_who(part, editing, before, after)
            case MainAddress():
                edits += write_address(part, editing, before, after)
            case Sites():
                edits += write_sites(part, editing, before, after)
            case InProgram():
                edits += write_program(part, editing, before, after)
    return edits


def kept_by(section: Section, editing: Editing) -> tuple[str, ...]:
    """What of a section its form cannot show, in words: it stays as it is."""
    found: list[str] = []
    for part in section.parts:
        if isinstance(part, Lines):
            found += kept_rows(part, editing)
        elif isinstance(part, Rows):
            found += kept_parts(part, editing)
        elif isinstance(part, Who):
            found += kept_conditions(editing)
    return tuple(found)


def unread_by_search(section: Section, editing: Editing) -> tuple[str, ...]:
    """Areas that people read, but by which nobody is found."""
    return tuple(
        line
        for part in section.parts
        if isinstance(part, Lines) and part.table == "service_area"
        for line in not_understood(part, editing)
    )


def options_of(section: Section, editing: Editing) -> dict[str, Options]:
    """What can be ticked where that depends on the listing."""
    found: dict[str, Options] = {}
    for part in section.parts:
        if isinstance(part, Sites):
            found[part.field.name] = site_options(editing)
        elif isinstance(part, InProgram):
            found[part.field.name] = program_options(editing)
    return found
