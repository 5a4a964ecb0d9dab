"""People as others see them: names opened, and for those who may, how they can be reached."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import AuthenticatorApp, Membership, Passkey, Person
from referral_hub.rules.roles import Role
from referral_hub.use_cases.agency_views import PersonView
from referral_hub.use_cases.steps.people import email_of, name_of

ORDER = {role: number for number, role in enumerate(Role)}


def people_views(
    session: Session,
    vault: Vault,
    agency_id: UUID | None,
    *,
    in_full: bool,
    may_recover: bool = False,
    only: UUID | None = None,
    teams: dict[UUID, tuple[str, ...]] | None = None,
) -> tuple[PersonView, ...]:
    """Everybody who has or had a role in an agency (None: in the network), by name.

    `in_full` adds address, second factor and teams, `may_recover` whether there is a second factor;
    `only` asks for one person.
    """
    held = _memberships(session, agency_id, only)
    people = list(session.scalars(select(Person).where(Person.id.in_(held))))
    sees_proofs = in_full or may_recover
    proving = _with_second_factor(session, held) if sees_proofs else frozenset()
    views = []
    for person in people:
        rows = held[person.id]
        current = {Role(row.role) for row in rows if row.until is None}
        ends = [row.until for row in rows if row.until is not None]
        views.append(
            PersonView(
                id=person.id,
                name=name_of(vault, person),
                roles=in_order(current),
                disabled=person.disabled_at is not None,
                left_at=None if current else max(ends),
                email=email_of(vault, person) if in_full else None,
                second_factor=person.id in proving if sees_proofs else None,
                teams=(teams or {}).get(person.id, ()),
            )
        )
    return tuple(sorted(views, key=lambda view: (view.name.casefold(), str(view.id))))


def names_of(session: Session, vault: Vault, people: Iterable[UUID]) -> dict[UUID, str]:
    """The names of people by id."""
    ids = set(people)
    rows = session.scalars(select(Person).where(Person.id.in_(ids))) if ids else ()
    return {person.id: name_of(vault, person) for person in rows}


def in_order(roles: Iterable[Role | str]) -> tuple[Role, ...]:
    """Roles in the order in which people read them."""
    return tuple(sorted(map(Role, roles), key=lambda role: ORDER[role]))


def _memberships(
    session: Session, agency_id: UUID | None, only: UUID | None
) -> dict[UUID, list[Membership]]:
    here: ColumnElement[bool] = (
        Membership.agency_id.is_(None) if agency_id is None else Membership.agency_id == agency_id
    )
    asked = select(Membership).where(here).order_by(Membership.since, Membership.id)
    if only is not None:
        asked = asked.where(Membership.person_id == only)
    found: dict[UUID, list[Membership]] = defaultdict(list)
    for row in session.scalars(asked):
        found[row.person_id].append(row)
    return found


def _with_second_factor(session: Session, people: Iterable[UUID]) -> frozenset[UUID]:
    """Who has an authenticator app or a passkey."""
    asked = list(people)
    apps: Sequence[UUID] = session.scalars(
        select(AuthenticatorApp.person_id).where(
            AuthenticatorApp.person_id.in_(asked), AuthenticatorApp.confirmed_at.is_not(None)
        )
    ).all()
    keys = session.scalars(select(Passkey.person_id).where(Passkey.person_id.in_(asked))).all()
    return frozenset({*apps, *keys})
