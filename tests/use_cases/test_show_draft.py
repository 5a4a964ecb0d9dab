"""The preview of a draft is what is sent: exactly, or nothing is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from referral_hub.models import Agency, Client, Disclosure, Need
from referral_hub.rules.capacity import CapacityState, CapacityWord
from referral_hub.rules.client_profile import to_json
from referral_hub.rules.consent import RevokedBy
from referral_hub.rules.errors import PreviewChanged
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.use_cases.record_capacity import record_capacity
from referral_hub.use_cases.show_draft import DraftView, show_draft
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.revocation import take_back
from referral_hub.use_cases.transaction import transaction
from tests.referral_acts import Played, a_draft
from tests.referral_world import A_PROFILE, NOW, VAULT


def looked_at(played: Played) -> DraftView:
    sender = played.world.sender.case_manager
    return show_draft(played.session, sender, VAULT, played.referral_id, now=NOW)


def the_client(session: Session, played: Played) -> None:
    client = session.get_one(Client, played.client.id)
    profile = to_json(replace(A_PROFILE, phone="+17735550199"))
    client.profile_sealed = VAULT.seal("client.profile", client.id, profile)


def the_need(session: Session, played: Played) -> None:
    session.get_one(Need, played.need.id).urgency = 3


def the_consent(session: Session, played: Played) -> None:
    take_back(session, played.consent.id, RevokedBy.PHONE, NOW)


@pytest.mark.parametrize("change", [the_client, the_need, the_consent])
def test_what_changed_since_the_preview_is_not_sent(
    session: Session, change: Callable[[Session, Played], None]
) -> None:
    played = a_draft(session)
    before = looked_at(played)
    with transaction(session):
        change(session, played)
    with pytest.raises(PreviewChanged, match="Nothing was sent"):
        played.move(Move.SEND, preview_digest=before.digest)
    assert played.row.status == "draft"
    assert session.query(Disclosure).count() == 0
    assert looked_at(played).digest != before.digest


def test_what_was_looked_at_is_sent_exactly(session: Session) -> None:
    played = a_draft(session)
    before = looked_at(played)
    assert looked_at(played).digest == before.digest
    assert before.identity_first == ()
    played.move(Move.SEND, preview_digest=before.digest)
    receiver = played.world.receiver.intake_worker
    view = show_referral(session, receiver, VAULT, played.referral_id, now=NOW)
    assert view.disclosed.sections == before.preview


def test_what_nobody_looked_at_needs_no_digest(session: Session) -> None:
    played = a_draft(session)
    played.move(Move.SEND)
    assert played.row.status == "sent"


def test_for_a_check_of_conflicts_the_preview_has_what_goes_first(session: Session) -> None:
    played = a_draft(session)
    plain = looked_at(played).digest
    session.get_one(Agency, played.world.receiver.agency_id).conflict_check = True
    session.commit()
    before = looked_at(played)
    assert before.digest != plain
    played.move(Move.SEND, preview_digest=before.digest)
    receiver = played.world.receiver.intake_worker
    view = show_referral(session, receiver, VAULT, played.referral_id, now=NOW)
    assert view.disclosed.identity_only
    assert view.disclosed.sections == before.identity_first != ()


def test_the_sender_reads_what_was_said_of_room_and_that_nobody_said_so_lately(
    session: Session,
) -> None:
    played = a_draft(session)
    assert "has not said lately" in looked_at(played).room
    receiver = played.world.receiver
    word = CapacityWord(CapacityState.LIMITED, 3, 20, "beds", note="Ring twice.")
    record_capacity(session, receiver.intake_worker, receiver.service_id, word, now=NOW)
    room = "The agency says that there is little room. 3 of 20 beds free. Ring twice."
    assert looked_at(played).room == room
    record_capacity(
        session, receiver.intake_worker, receiver.service_id, word, now=NOW - timedelta(days=31)
    )
    assert "has not said lately" in looked_at(played).room
