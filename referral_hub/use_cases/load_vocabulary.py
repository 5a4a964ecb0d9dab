"""The hub's taxonomy of needs as HSDS taxonomy and terms, so that it can be shared."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Taxonomy, TaxonomyTerm
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.transaction import transaction
from referral_hub.vocabulary import needs

TAXONOMY_NAME = "Referral Hub needs"
TAXONOMY_ID = uuid5(NAMESPACE_URL, "https://referral-hub.org/needs")


def load_vocabulary(session: Session, actor: Actor, *, now: datetime) -> int:
    """Bring the stored terms in line with the taxonomy; returns how many terms there are."""
    require(actor, Permission.DIRECTORY_IMPORT)
    with transaction(session):
        if session.get(Taxonomy, TAXONOMY_ID) is None:
            session.add(
                Taxonomy(
                    id=TAXONOMY_ID,
                    name=TAXONOMY_NAME,
                    description="What people need help with, in three levels.",
                    created_at=now,
                    updated_at=now,
                )
            )
            session.flush()
        ours = [need.id for need in needs().values()]
        stored = session.execute(select(TaxonomyTerm).where(TaxonomyTerm.id.in_(ours)))
        held = {term.id: term for term in stored.scalars()}
        known = needs()
        for position, need in enumerate(known.values()):
            term = held.get(need.id)
            if term is None:
                term = TaxonomyTerm(id=need.id, created_at=now)
                session.add(term)
            term.code = need.code
            term.name = need.label
            term.description = need.definition
            term.parent_id = known[need.parent].id if need.parent else None
            term.taxonomy = TAXONOMY_NAME
            term.taxonomy_id = TAXONOMY_ID
            term.language = "en"
            term.position = position
            term.updated_at = now
    return len(known)
