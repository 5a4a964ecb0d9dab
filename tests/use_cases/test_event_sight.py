"""What stays inside an agency stays there on every way: page, feed, webhooks, notices."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Notice, ReferralEvent, WebhookDelivery
from referral_hub.rules.actor import Person
from referral_hub.rules.referrals import Channel, ContactMethod, Fact
from referral_hub.use_cases.referral_feed import referral_feed
from referral_hub.use_cases.referral_talk import Attempt, assign_referral, record_contact
from referral_hub.use_cases.replay_webhooks import replay_since
from referral_hub.use_cases.show_referral import show_referral
from tests.delivery_world import a_webhook, hand_on
from tests.referral_acts import Played, in_status
from tests.referral_world import NOW, VAULT, Staff


def told(played: Played, staff: Staff, worker: Person) -> dict[str, set[str]]:
    """Which kinds of events somebody of an agency hears of, by way."""
    session = played.session
    session.rollback()
    page = show_referral(session, worker, VAULT, played.referral_id, now=NOW).timeline
    feed = referral_feed(session, staff.application, 0, 500, now=NOW).events
    of_agency = select(ReferralEvent.kind).join(Notice, Notice.event_id == ReferralEvent.id)
    return {
        "page": {event.kind for event in page},
        "feed": {event.kind for event in feed},
        "notices": set(session.scalars(of_agency.where(Notice.agency_id == staff.agency_id)).all()),
    }


def delivered(session: Session) -> dict[object, set[str]]:
    """Which kinds of events went to which webhook."""
    found: dict[object, set[str]] = {}
    for delivery, kind in session.execute(
        select(WebhookDelivery, ReferralEvent.kind).join(
            ReferralEvent, ReferralEvent.id == WebhookDelivery.event_id
        )
    ):
        found.setdefault(delivery.webhook_id, set()).add(kind)
    return found


def test_whom_the_receiver_gave_it_to_the_sender_hears_on_no_way(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    sender, receiver = played.world.sender, played.world.receiver
    theirs, ours = (a_webhook(sqlite_session, staff) for staff in (sender, receiver))
    assign_referral(
        sqlite_session, receiver.intake_worker, VAULT, played.referral_id,
        receiver.case_manager.person_id, version=None, channel=Channel.PAGE, now=NOW,
    )  # fmt: skip
    attempt = Attempt(ContactMethod.CALL, reached=False, occurred_at=NOW, note="She was asleep.")
    record_contact(
        sqlite_session, receiver.intake_worker, VAULT, played.referral_id, attempt,
        channel=Channel.PAGE, now=NOW,
    )  # fmt: skip
    hand_on(sqlite_session)
    for way, kinds in told(played, sender, sender.case_manager).items():
        assert kinds, way
        assert Fact.ASSIGNED not in kinds, way
    for way, kinds in told(played, receiver, receiver.case_manager).items():
        assert Fact.ASSIGNED in kinds, way
    for _ in range(2):
        went = delivered(sqlite_session)
        assert Fact.ASSIGNED not in went[theirs]
        assert Fact.ASSIGNED in went[ours]
        replay_since(sqlite_session, sender.administrator, sender.agency_id, theirs, NOW, now=NOW)
    for worker, note in ((sender.case_manager, ""), (receiver.case_manager, "She was asleep.")):
        (seen,) = show_referral(sqlite_session, worker, VAULT, played.referral_id, now=NOW).attempts
        assert seen.note == note
