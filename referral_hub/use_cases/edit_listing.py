"""Editing a listing, a section at a time, also by two people at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.eligibility import Criterion, Kind, Source
from referral_hub.rules.eligibility_text import conditions_of_text
from referral_hub.rules.eligibility_words import criterion_words
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.listing_sections import Lines, Section, list_names, section_of
from referral_hub.rules.listings import ListingAct, ListingKey
from referral_hub.rules.opening_hours import HoursLine, describe_hours
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.three_way import Merged, Texts, merge
from referral_hub.rules.visibility import WhyRead
from referral_hub.use_cases.directory.concealing import lock_places
from referral_hub.use_cases.listing_forms.editing import Editing, Gazetteer
from referral_hub.use_cases.listing_forms.forms import (
    kept_by,
    options_of,
    read_section,
    unread_by_search,
    write_section,
)
from referral_hub.use_cases.listing_forms.lines import point_here, read_rows_of
from referral_hub.use_cases.listing_forms.who import condition_edits, confirmed, stated_kinds
from referral_hub.use_cases.listing_views import Saved, SectionView, SuggestedCondition
from referral_hub.use_cases.steps.listing_change import change_listing
from referral_hub.use_cases.steps.listing_heads import changes_since, head_of, last_change
from referral_hub.use_cases.steps.listings import (
    editing_of,
    listing_for,
    listing_to_change,
    vault_for,
)
from referral_hub.use_cases.steps.secret_places import note_address_read
from referral_hub.use_cases.transaction import transaction

WRONG = "Some of this cannot be saved yet. Nothing you typed is lost."


def show_section(
    session: Session,
    actor: Actor,
    listing: ListingKey,
    key: str,
    gazetteer: Gazetteer,
    vault: Vault,
    *,
    now: datetime,
) -> SectionView:
    """A section of a listing as a form. Of a confidential place it shows what is true, to whom may
    know it, and each time is noted. Raises NotFound."""
    require(actor, Permission.LISTING_CHANGE)
    section = _section(listing, key)
    record = listing_for(session, actor, listing, Permission.LISTING_CHANGE)
    opened = vault_for(session, actor, listing, record, vault)
    if not getattr(record, "confidential", False) or opened is None:
        return _view(session, actor, listing, section, record, gazetteer, None, now)
    with transaction(session):
        note_address_read(session, actor, listing.id, WhyRead.CHECKING_LISTING, now=now)
        record = listing_for(session, actor, listing, Permission.LISTING_CHANGE)
        return _view(session, actor, listing, section, record, gazetteer, opened, now)


def _view(
    session: Session,
    actor: Actor,
    listing: ListingKey,
    section: Section,
    record: Any,
    gazetteer: Gazetteer,
    vault: Vault | None,
    now: datetime,
) -> SectionView:
    editing = editing_of(session, listing, record, gazetteer, vault, now=now)
    return SectionView(
        head=head_of(session, actor, listing, record),
        section=section,
        texts=read_section(section, editing),
        options=options_of(section, editing),
        kept=kept_by(section, editing),
        unread=unread_by_search(section, editing),
        suggestions=tuple(
            SuggestedCondition(_key(each), criterion_words(each), each.quote)
            for each in _suggested(section, editing)
        ),
        seen=last_change(session, listing),
        here=point_here(editing) if section.key == "area" else None,
    )


def save_section(
    session: Session,
    actor: Actor,
    listing: ListingKey,
    key: str,
    base: Mapping[str, str],
    typed: Mapping[str, str],
    seen: int,
    gazetteer: Gazetteer,
    vault: Vault,
    *,
    now: datetime,
) -> Saved:
    """Save what somebody typed, on top of what others saved meanwhile.

    `base` is the form as it was opened, after the change `seen`. What both changed, and not to the
    same, is for the person to choose: then nothing is saved, and both are handed back. Raises
    InvalidInput naming each field at fault, Conflict where others save at this very moment.
    """
    require(actor, Permission.LISTING_CHANGE)
    section = _section(listing, key)
    with transaction(session):
        lock_places(session)  # before any row, as whoever makes a place confidential does
        record = listing_to_change(session, actor, listing)
        opened = vault_for(session, actor, listing, record, vault)
        editing = editing_of(session, listing, record, gazetteer, opened, now=now)
        theirs = read_section(section, editing)
        merged = merge(base, typed, theirs, list_names(section))
        since = (
            changes_since(session, vault, listing, seen)
            if merged.from_others or merged.clashes
            else ()
        )
        if merged.clashes:
            return Saved(
                since=since, clashes=merged.clashes, theirs=theirs,
                texts={**merged.texts, **_gone_meanwhile(merged, typed, theirs)},
                seen=last_change(session, listing),
            )  # fmt: skip
        edits = write_section(section, editing, theirs, merged.texts)
        if editing.faults:
            raise InvalidInput(WRONG, editing.faults)
        made = change_listing(
            session, actor, listing, edits, act=ListingAct.EDIT, vault=opened, now=now
        )
    return Saved(is_changed=made is not None, since=since)


def check_hours(
    session: Session,
    actor: Actor,
    listing: ListingKey,
    text: str,
    gazetteer: Gazetteer,
    *,
    now: datetime,
) -> Sequence[HoursLine]:
    """Hours as everybody would read them if these lines were saved.

    Raises InvalidInput with the first line that cannot be read.
    """
    require(actor, Permission.LISTING_CHANGE)
    section = _section(listing, "hours")
    record = listing_for(session, actor, listing, Permission.LISTING_CHANGE)
    editing = editing_of(session, listing, record, gazetteer, now=now)
    part = next(each for each in section.parts if isinstance(each, Lines))
    rows = read_rows_of(part, editing, text)
    if editing.faults:
        raise InvalidInput(WRONG, editing.faults)
    return describe_hours(rows, now.date())


def confirm_condition(
    session: Session,
    actor: Actor,
    listing: ListingKey,
    key: str,
    gazetteer: Gazetteer,
    *,
    now: datetime,
) -> str:
    """State a condition that was read out of the service's text; returns it in words.

    Raises Conflict where the text does not say it any more, or it is stated already.
    """
    require(actor, Permission.LISTING_CHANGE)
    section = _section(listing, "who")
    with transaction(session):
        record = listing_to_change(session, actor, listing)
        editing = editing_of(session, listing, record, gazetteer, now=now)
        found = next((each for each in _suggested(section, editing) if _key(each) == key), None)
        if found is None:
            raise Conflict("The text does not say this any more, or it is confirmed already.")
        stated = confirmed(found)
        edits = condition_edits(editing, stated)
        change_listing(session, actor, listing, edits, act=ListingAct.EDIT, now=now)
    return criterion_words(stated)


def _gone_meanwhile(merged: Merged, typed: Texts, theirs: Texts) -> Texts:
    """All that was typed of records that somebody else removed while they were changed here."""
    rows = {clash.name.rpartition(".")[0] for clash in merged.clashes if clash.name.count(".") == 2}
    gone = {row for row in rows if not any(name.startswith(f"{row}.") for name in theirs)}
    return {name: text for name, text in typed.items() if name.rpartition(".")[0] in gone}


def _section(listing: ListingKey, key: str) -> Section:
    section = section_of(listing.table, key)
    if section is None:
        raise NotFound(NOTHING_HERE)
    return section


def _suggested(section: Section, editing: Editing) -> list[Criterion]:
    """Conditions that the service's text states and nobody has stated yet."""
    if section.key != "who":
        return []
    record: Any = editing.record
    text = record.eligibility_description or ""
    stated = stated_kinds(editing)
    found = conditions_of_text(text, editing.state or None, editing.gazetteer.county_keys())
    return [
        each
        for each in found
        if each.source is Source.INFERRED
        and each.kind not in stated
        and each.kind is not Kind.OTHER
    ]


def _key(criterion: Criterion) -> str:
    values = ",".join(map(str, criterion.values))
    return f"{criterion.kind}|{criterion.operator}|{values}"
