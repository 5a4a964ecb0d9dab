"""Listings as their agency sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from referral_hub.rules.completeness import Completeness
from referral_hub.rules.listing_sections import Options, Section
from referral_hub.rules.listing_state import ListingMove, ListingState
from referral_hub.rules.listings import ListingAct, ListingKey
from referral_hub.rules.three_way import Clash


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service in the list. `capacity` is empty where the agency never said."""

    id: UUID
    name: str
    organization: str
    state: ListingState
    completeness: Completeness
    capacity: str
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class RecordLine:
    """An organization, program or location of the agency; `is_shown` where everybody sees it."""

    key: ListingKey
    name: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class ListingsView:
    """All listings of an agency."""

    services: tuple[ServiceLine, ...]
    organizations: tuple[RecordLine, ...]
    programs: tuple[RecordLine, ...]
    locations: tuple[RecordLine, ...]


@dataclass(frozen=True, slots=True)
class ListingHead:
    """What every page of one listing says: which it is, and of whose organization. `merged_into` is
    the listing that stands in its place, if one does; then nobody changes this one."""

    key: ListingKey
    name: str
    organization: str
    sections: tuple[Section, ...]
    may_change: bool
    merged_into: ListingKey | None = None


@dataclass(frozen=True, slots=True)
class RecordView:
    """An organization, program or location. `shown_by` names published services on whose pages it
    stands; `can_be_shown` where no steward has to look first."""

    head: ListingHead
    is_shown: bool
    shown_by: tuple[str, ...]
    can_be_shown: bool


@dataclass(frozen=True, slots=True)
class ServiceListingView:
    """A service as its agency sees it. `note` is why a steward sent it back, or it is paused;
    `review` says what a steward looks at, where one does."""

    head: ListingHead
    state: ListingState
    moves: tuple[ListingMove, ...]
    completeness: Completeness
    review: str
    note: str
    changed_by: str
    changed_at: datetime | None
    capacity: str
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class ChangeSince:
    """What somebody else changed while a form was open: who, when, and which fields."""

    who: str
    at: datetime
    fields: str


@dataclass(frozen=True, slots=True)
class SuggestedCondition:
    """A condition that a text states, for somebody to confirm. `key` names it."""

    key: str
    words: str
    quote: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section as a form. `seen` is the last change that `texts` hold.

    `kept` is what the form cannot show, and `unread` what no search understands. Of areas `here`
    is where a map begins.
    """

    head: ListingHead
    section: Section
    texts: dict[str, str]
    options: Mapping[str, Options]
    kept: tuple[str, ...]
    unread: tuple[str, ...]
    suggestions: tuple[SuggestedCondition, ...]
    seen: int
    here: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a form: whether something was changed here, and by others since.

    With `clashes` nothing was saved: somebody must choose. Then `texts` are what to show, and
    `theirs` is how the listing is by now.
    """

    is_changed: bool = False
    since: tuple[ChangeSince, ...] = ()
    clashes: tuple[Clash, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, str] = field(default_factory=dict)
    seen: int = 0


@dataclass(frozen=True, slots=True)
class HistoryField:
    """A field before and after a change, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change. `can_undo` unless it made the listing, merged another into it, or is undone
    already. `pair_id` is where a merge is taken back."""

    id: int
    act: ListingAct
    who: str
    at: datetime
    note: str
    fields: tuple[HistoryField, ...]
    can_undo: bool
    is_undone: bool
    pair_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The history of a listing, the newest first. Of one that was merged into another `pair_id` is
    where that is taken back."""

    head: ListingHead
    lines: tuple[HistoryLine, ...]
    has_more: bool
    pair_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WaitingListing:
    """A draft that waits for a steward."""

    service_id: UUID
    name: str
    organization: str
    submitted_by: str
    submitted_at: datetime
    score: int
