"""A service has limits of its own where its agency says so; they are its agency's alone to set."""

import pytest
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow
from referral_hub.rules.errors import InvalidInput, NotFound, NotPermitted
from referral_hub.rules.referrals import Clock, Priority
from referral_hub.rules.response_deadlines import Limit
from referral_hub.use_cases.service_limits import change_service_limit, show_service_limits
from tests.referral_world import NOW, World, a_world

ROUTINE = Priority.ROUTINE


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def change(
    session: Session,
    world: World,
    limit: Limit | None,
    clock: Clock = Clock.DECIDE,
    priority: Priority = ROUTINE,
) -> bool:
    staff = world.receiver
    return change_service_limit(
        session, staff.administrator, staff.agency_id, staff.service_id, clock, priority, limit,
        now=NOW,
    )  # fmt: skip


def test_a_limit_is_set_changed_and_taken_back(session: Session, world: World) -> None:
    staff = world.receiver

    def limits() -> dict[tuple[Clock, Priority], Limit]:
        return show_service_limits(session, staff.administrator, staff.agency_id, staff.service_id)

    assert limits() == {}
    assert change(session, world, Limit(5, in_business_days=True))
    assert not change(session, world, Limit(5, in_business_days=True))
    assert change(session, world, Limit(36))
    assert change(session, world, Limit(2160), Clock.OUTCOME)
    assert limits() == {
        (Clock.DECIDE, ROUTINE): Limit(36),
        (Clock.OUTCOME, ROUTINE): Limit(2160),
    }
    assert change(session, world, None)
    assert change(session, world, None, Clock.OUTCOME)
    assert not change(session, world, None)
    assert limits() == {}
    details = [row.detail for row in session.query(AuditRow).order_by(AuditRow.id)]
    assert details[0] == "decide, routine: 5bd"
    assert len(details) == 5


@pytest.mark.parametrize(
    ("limit", "clock", "priority", "field"),
    [
        (Limit(0), Clock.DECIDE, ROUTINE, "amount"),
        (Limit(2161), Clock.DECIDE, ROUTINE, "amount"),
        (Limit(91, in_business_days=True), Clock.DECIDE, ROUTINE, "amount"),
        (Limit(1, in_business_days=True), Clock.DECIDE, Priority.EMERGENCY, "in_business_days"),
        (Limit(1), Clock.REVIEW, ROUTINE, "clock"),
        (None, Clock.WITHDRAWAL, ROUTINE, "clock"),
    ],
)
def test_a_limit_that_nobody_can_mean_is_refused(
    session: Session, world: World, limit: Limit, clock: Clock, priority: Priority, field: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        change(session, world, limit, clock, priority)
    assert set(error.value.fields) == {field}


def test_a_service_of_another_agency_is_not_there(session: Session, world: World) -> None:
    staff, other = world.receiver, world.sender
    for agency_id, service_id in (
        (staff.agency_id, other.service_id),
        (other.agency_id, other.service_id),
    ):
        with pytest.raises(NotFound):
            show_service_limits(session, staff.administrator, agency_id, service_id)
        with pytest.raises(NotFound):
            change_service_limit(
                session, staff.administrator, agency_id, service_id, Clock.DECIDE, ROUTINE,
                Limit(1), now=NOW,
            )  # fmt: skip


def test_only_administrators_set_limits(session: Session, world: World) -> None:
    staff = world.receiver
    for actor in (staff.intake_worker, staff.supervisor, world.steward, staff.application):
        with pytest.raises(NotPermitted):
            change_service_limit(
                session, actor, staff.agency_id, staff.service_id, Clock.DECIDE, ROUTINE,
                Limit(1), now=NOW,
            )  # fmt: skip
