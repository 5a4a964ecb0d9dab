"""What is shared with another agency: snapshots, what they add up to, and how they read.

A snapshot maps categories to fields to values, as JSON has them. It always holds every field of
its categories, those too of which nothing is known: so a later one can clear an earlier value.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from json import dumps
from typing import Any
from uuid import UUID

from referral_hub.rules.client_profile import CATEGORY_OF, FIELDS, Profile, from_values
from referral_hub.rules.consent import Category

Snapshot = dict[str, dict[str, Any]]
HOUSEHOLD_NAMES = "household_names"
IDENTITY_FIELDS: Mapping[Category, tuple[str, ...]] = {
    Category.BASIC_CONTACT: ("given_name", "family_name", "preferred_name", "city", "state"),
    Category.LEGAL: ("adverse_party",),
}
"""What of a profile a check for a conflict of interest needs."""


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What a referral is for. `label` is how the need reads; `answers` are those to the questions
    that the receiving service asks, by question."""

    code: str
    label: str
    urgency: int
    acuity: int
    reason: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


def snapshot(profile: Profile, need: NeedFacts, categories: Set[Category]) -> Snapshot:
    """Exactly the fields of the categories, in the order in which they are always shown."""
    values = as_values(profile)
    found: Snapshot = {}
    for category in Category:
        if category not in categories:
            continue
        if category is Category.NEED:
            found[category.value] = asdict(need) | {"answers": dict(need.answers)}
        else:
            found[category.value] = {
                name: values[name] for name in FIELDS if CATEGORY_OF[name] is category
            }
    return found


def identity_only(
    profile: Profile, need: NeedFacts, household: Iterable[str], categories: Set[Category]
) -> Snapshot:
    """What a check for a conflict of interest needs, as far as the categories allow: names of the
    client and of the household, the other side, the area, and what it is about; no story."""
    values = as_values(profile)
    found: Snapshot = {}
    for category in Category:
        if category not in categories:
            continue
        if category in IDENTITY_FIELDS:
            found[category.value] = {name: values[name] for name in IDENTITY_FIELDS[category]}
        if category is Category.BASIC_CONTACT:
            found[category.value]["zip3"] = profile.zip.strip()[:3]
        if category is Category.NEED:
            found[category.value] = {"code": need.code, "label": need.label}
        if category is Category.HOUSEHOLD:
            found[category.value] = {HOUSEHOLD_NAMES: sorted(household)}
    return found


@dataclass(frozen=True, slots=True)
class ToShare:
    """What goes to a receiver at once: the whole, and first, where it looks for a conflict of
    interest, identities alone."""

    whole: Snapshot
    identity: Snapshot | None = None


def digest_of(to_share: ToShare, receiver: UUID, consent_id: UUID | None, counts: bool) -> str:
    """A short text that stands for what somebody looks at before it is shared: to whom it goes,
    what, and on which consent. It is another one as soon as any of these is; `counts` says whether
    the consent does."""
    facts = [asdict(to_share), str(receiver), str(consent_id), counts]
    return sha256(dumps(facts, sort_keys=True).encode()).hexdigest()


def merge(snapshots: Iterable[Snapshot]) -> Snapshot:
    """What a receiver sees after all of these, which come in their order: field by field the later
    value holds."""
    merged: Snapshot = {}
    for each in snapshots:
        for category, values in each.items():
            merged.setdefault(category, {}).update(values)
    return {
        category.value: merged[category.value] for category in Category if category.value in merged
    }


def from_snapshot(merged: Snapshot) -> Profile:
    """What was shared as a profile: for the receiver's own record, and for the client's name."""
    return from_values(
        {name: value for fields in merged.values() for name, value in fields.items()}
    )


def not_shared(profile: Profile, merged: Snapshot) -> tuple[str, ...]:
    """Fields of a profile that are no longer as the receiver sees them. What was never shared at
    all is not among them."""
    values = as_values(profile)
    return tuple(
        name
        for name in FIELDS
        if name in (shared := merged.get(CATEGORY_OF[name].value, {}))
        and shared[name] != values[name]
    )


def is_known(values: Mapping[str, Any]) -> bool:
    """Whether anything is known of a category."""
    return any(value not in ("", [], {}, None, False) for value in values.values())


def as_values(profile: Profile) -> dict[str, Any]:
    """All fields of a profile as JSON has them: days as texts, lists as lists."""
    return {name: _as_json(value) for name, value in asdict(profile).items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [str(each) for each in value] if isinstance(value, tuple) else value
