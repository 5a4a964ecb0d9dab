"""What must hold when a referral is sent, however long ago it was begun."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import AgencyOrganization, Referral, Service, Team
from referral_hub.rules.errors import Conflict, InvalidInput
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import Channel, Priority
from referral_hub.use_cases.draft_referral import Preparation, make_referral
from tests.referral_acts import SHARED, Played, a_draft
from tests.referral_world import NOW, VAULT, a_need
from tests.threads import at_once


def gone(session: Session, played: Played) -> None:
    service = session.get_one(Service, played.world.receiver.service_id)
    service.vanished_at = NOW


def hidden(session: Session, played: Played) -> None:
    session.get_one(Service, played.world.receiver.service_id).visibility = "hidden"


def retired(session: Session, played: Played) -> None:
    session.get_one(Service, played.world.receiver.service_id).status = "defunct"


def given_to_another_agency(session: Session, played: Played) -> None:
    service = session.get_one(Service, played.world.receiver.service_id)
    tie = session.scalars(
        select(AgencyOrganization).where(
            AgencyOrganization.organization_id == service.organization_id
        )
    ).one()
    tie.agency_id = played.world.stranger.agency_id


def need_closed(session: Session, played: Played) -> None:
    session.merge(played.need).status = "met"


@pytest.mark.parametrize(
    "since", [gone, hidden, retired, given_to_another_agency, need_closed], ids=lambda f: f.__name__
)
def test_what_was_true_of_the_draft_is_asked_again(
    session: Session, since: Callable[[Session, Played], None]
) -> None:
    played = a_draft(session)
    since(session, played)
    session.commit()
    with pytest.raises(Conflict):
        played.move(Move.SEND)
    assert played.row.status == "draft"


def test_teams_are_those_of_the_time_of_sending(session: Session) -> None:
    played = a_draft(session)
    world = played.world
    later = Team(agency_id=world.receiver.agency_id, name="Later", created_at=NOW)
    own = Team(agency_id=world.sender.agency_id, name="Her new team", created_at=NOW)
    session.add_all([later, own])
    session.get_one(Team, world.receiver.team_id).ended_at = NOW - timedelta(hours=1)
    session.flush()
    session.merge(played.client).team_id = own.id
    session.commit()
    played.move(Move.SEND)
    assert (played.row.from_team_id, played.row.to_team_id) == (own.id, later.id)


def test_of_eight_at_once_one_is_sent_whatever_their_needs(engine: Engine) -> None:
    with Session(engine) as session:
        played = a_draft(session)
        needs = [a_need(session, session.merge(played.client), "food").id for _ in range(8)]
        world, client_id, consent_id = played.world, played.client.id, played.consent.id

    def send(number: int) -> str:
        preparation = Preparation(Priority.ROUTINE, "She has no food.", SHARED, consent_id)
        with Session(engine) as session:
            return make_referral(
                session, world.sender.case_manager, VAULT, client_id, needs[number],
                world.receiver.service_id, preparation, send=True, note="",
                channel=Channel.API, now=NOW,
            ).status  # fmt: skip

    outcomes = at_once(8, send)
    assert [each for each in outcomes if not isinstance(each, Exception)] == ["sent"]
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert {type(each) for each in refused} == {InvalidInput}
    with Session(engine) as session:
        assert len(session.scalars(select(Referral.id).where(Referral.status == "sent")).all()) == 1
