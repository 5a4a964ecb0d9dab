"""What people say of charts: pinned to a chart as it is for some referrals, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import FigureNote
from referral_hub.rules.actor import Actor, Person
from referral_hub.rules.errors import NotFound
from referral_hub.rules.figure_filters import as_address, query_with, read_filter
from referral_hub.rules.figure_notes import check_note
from referral_hub.rules.figure_query import check_query, oversight_of
from referral_hub.rules.improvements import LONGEST
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import author_of
from referral_hub.use_cases.steps.improvements import is_of, network_day, overseen_agency
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.transaction import look, transaction

TEXT = "figure_note.text"
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note, and where it is pinned: `address` is the page with its filter."""

    id: UUID
    chart: str
    address: str
    about_on: date | None
    text: str
    author: str
    recorded_at: datetime
    is_own: bool


def pin_note(
    session: Session,
    actor: Actor,
    vault: Vault,
    page: str,
    chart: str,
    conditions: Mapping[str, str],
    text: str,
    *,
    about_on: date | None = None,
    now: datetime,
) -> UUID:
    """Pin a note to a chart, for all who oversee the same agency, or the network; return its id.

    `about_on` is a day in the time that it tells of. Raises InvalidInput.
    """
    require(actor, Permission.FIGURES_FOLLOW)
    text = check_note(text, page, chart)
    kept = read_filter(conditions)
    author_id = author_of(actor)
    with transaction(session):
        today = network_day(session, now)
        check_query(query_with(kept, today - LONGEST, today), oversight_of(actor), now)
        note = FigureNote(
            id=uuid4(), agency_id=overseen_agency(actor), author_id=author_id, page=page,
            chart=chart, conditions=kept, about_on=about_on, recorded_at=now,
        )  # fmt: skip
        note.text_sealed = vault.seal(TEXT, note.id, text)
        session.add(note)
        add_audit(session, actor, "figure-note:pin", note, agency_id=note.agency_id, now=now)
        return note.id


def notes_of_page(
    session: Session, actor: Actor, vault: Vault, page: str, conditions: Mapping[str, str]
) -> Mapping[str, Sequence[NoteView]]:
    """The notes that are pinned to charts of a page as it is for some referrals, by chart, the
    latest first."""
    require(actor, Permission.FIGURES_FOLLOW)
    with look(session):
        kept = read_filter(conditions)
        asked = _notes(actor).where(FigureNote.page == page)
        rows = [note for note in session.scalars(asked) if note.conditions == kept]
        found: dict[str, list[NoteView]] = {}
        for view in _views(session, actor, vault, rows):
            found.setdefault(view.chart, []).append(view)
    return found


def list_notes(session: Session, actor: Actor, vault: Vault) -> tuple[NoteView, ...]:
    """The latest notes on all charts, the latest first."""
    require(actor, Permission.FIGURES_FOLLOW)
    with look(session):
        rows = session.scalars(_notes(actor).limit(MOST_LISTED)).all()
        return _views(session, actor, vault, rows)


def withdraw_note(session: Session, actor: Actor, note_id: UUID, *, now: datetime) -> None:
    """Take back a note of one's own. Raises NotFound."""
    require(actor, Permission.FIGURES_FOLLOW)
    with transaction(session):
        note = session.get(FigureNote, note_id, with_for_update=True)
        if note is None or not _is_own(actor, note) or note.withdrawn_at is not None:
            raise NotFound(NOTHING_HERE)
        note.withdrawn_at = now
        add_audit(session, actor, "figure-note:withdraw", note, agency_id=note.agency_id, now=now)


def _notes(actor: Actor) -> Select[FigureNote]:
    return (
        select(FigureNote)
        .where(is_of(FigureNote, overseen_agency(actor)), FigureNote.withdrawn_at.is_(None))
        .order_by(FigureNote.recorded_at.desc(), FigureNote.id)
    )


def _is_own(actor: Actor, note: FigureNote) -> bool:
    return (
        isinstance(actor, Person)
        and actor.person_id == note.author_id
        and note.agency_id == overseen_agency(actor)
    )


def _views(
    session: Session, actor: Actor, vault: Vault, notes: Sequence[FigureNote]
) -> tuple[NoteView, ...]:
    names = names_of(session, vault, (note.author_id for note in notes))
    return tuple(_view(actor, vault, note, names[note.author_id]) for note in notes)


def _view(actor: Actor, vault: Vault, note: FigureNote, author: str) -> NoteView:
    query = as_address(note.conditions)
    return NoteView(
        id=note.id,
        chart=note.chart,
        address=f"{note.page}?{query}" if query else note.page,
        about_on=note.about_on,
        text=vault.open(TEXT, note.id, note.text_sealed),
        author=author,
        recorded_at=note.recorded_at,
        is_own=_is_own(actor, note),
    )
