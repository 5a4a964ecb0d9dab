"""What a move brings with it: no row that sends does so without being asked whether it may."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Disclosure
from referral_hub.rules.actor import System
from referral_hub.rules.consent import RevokedBy
from referral_hub.rules.errors import ConsentMissing
from referral_hub.rules.referral_lifecycle import RULES, Guard, Move, Status
from referral_hub.rules.referral_state import SENDINGS
from referral_hub.use_cases.steps.revocation import take_back
from referral_hub.use_cases.transaction import transaction
from tests.referral_acts import Played, a_draft
from tests.referral_world import NOW


def disclosed(played: Played) -> list[Disclosure]:
    played.session.rollback()
    return list(played.session.scalars(select(Disclosure)))


def test_every_row_that_sends_asks_whether_it_may() -> None:
    assert {rule.move for rule in RULES if rule.target is Status.SENT} == SENDINGS
    assert {rule.move for rule in RULES if Guard.MAY_SEND in rule.guards} == SENDINGS


def test_what_the_hub_sends_to_the_next_service_shares_what_consent_covers(
    session: Session,
) -> None:
    played = a_draft(session)
    played.move(Move.SEND_NEXT, actor=System())
    assert [row.consent_id for row in disclosed(played)] == [played.consent.id]


def test_the_hub_sends_nothing_to_the_next_service_without_consent(session: Session) -> None:
    played = a_draft(session)
    with transaction(session):
        take_back(session, played.consent.id, RevokedBy.PHONE, NOW)
    with pytest.raises(ConsentMissing):
        played.move(Move.SEND_NEXT, actor=System())
    assert played.row.status == "draft"
    assert disclosed(played) == []
