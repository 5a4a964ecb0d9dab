"""Figures to take away: who may, what is in them, and what the audit knows of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.reading import FigureColumns
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.models import AuditRow
from referral_hub.rules.actor import Actor, System
from referral_hub.rules.errors import InvalidInput, NotPermitted
from referral_hub.rules.figure_lists import Behind
from referral_hub.rules.figure_query import FigureQuery
from referral_hub.rules.measures import Standing
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.use_cases.export_figures import export_referrals_behind
from referral_hub.use_cases.figure_views import TakenReferral
from referral_hub.use_cases.hand_on_events import hand_on_events
from referral_hub.use_cases.keep_figures import count_figures
from tests.fakes import FakeGazetteer
from tests.referral_acts import Played, in_status
from tests.referral_world import NOW, VAULT

LATER = NOW + timedelta(days=1)
QUERY = FigureQuery(date(2026, 11, 1), date(2026, 12, 2))
ALL = Behind()


@dataclass
class Counted:
    """Two referrals of one agency to another, counted."""

    session: Session
    folder: FigureFolder
    accepted: Played
    declined: Played

    def count(self) -> None:
        """Count what happened up to now."""
        while hand_on_events(self.session, System("worker"), now=LATER):
            pass
        count_figures(
            self.session, System("worker"), FigureWriter(self.folder), FakeGazetteer(), now=LATER
        )

    def taken(
        self, actor: Actor, behind: Behind = ALL, side: Side | None = None, most: int = 9
    ) -> tuple[TakenReferral, ...]:
        """What somebody takes away."""
        self.session.rollback()
        query = FigureQuery(QUERY.since, QUERY.until, side=side)
        columns = FigureColumns(self.folder)
        return export_referrals_behind(
            self.session, actor, VAULT, columns, query, behind, most=most, now=LATER
        ).referrals

    def audited(self) -> list[str | None]:
        """What the audit knows of files."""
        self.session.rollback()
        acts = select(AuditRow.detail).where(AuditRow.action == "figures:export")
        return list(self.session.scalars(acts))


@pytest.fixture
def counted(sqlite_session: Session, tmp_path: Path) -> Counted:
    accepted = in_status(sqlite_session, "accepted")
    later = NOW + timedelta(hours=1)
    declined = in_status(sqlite_session, "declined", world=accepted.world, now=later)
    made = Counted(sqlite_session, FigureFolder(tmp_path / "figures"), accepted, declined)
    made.count()
    return made


def test_a_file_holds_what_a_number_counts_the_last_sent_on_top(counted: Counted) -> None:
    supervisor = counted.accepted.world.sender.supervisor
    taken = counted.taken(supervisor)
    assert [each.id for each in taken] == [
        counted.declined.referral_id,
        counted.accepted.referral_id,
    ]
    assert {each.need for each in taken} == {"food"}
    (only,) = counted.taken(supervisor, Behind(standing=Standing.DECLINED))
    assert (only.id, only.status) == (counted.declined.referral_id, "declined")


def test_the_audit_names_each_referral_in_a_file(counted: Counted) -> None:
    counted.taken(counted.accepted.world.receiver.supervisor)
    (told,) = counted.audited()
    assert str(told).startswith("2 referrals: ")
    assert str(counted.accepted.referral_id) in str(told)


def test_more_than_fit_are_refused_and_not_cut_off(counted: Counted) -> None:
    with pytest.raises(InvalidInput, match="1 referrals at most"):
        counted.taken(counted.accepted.world.sender.supervisor, most=1)
    assert counted.audited() == []


def test_a_sender_whose_client_took_back_consent_learns_the_status_alone(
    counted: Counted,
) -> None:
    world = counted.accepted.world
    counted.accepted.take_back_consent()
    counted.count()
    (sent,) = (
        each for each in counted.taken(world.sender.supervisor, side=Side.SENDER)
        if each.id == counted.accepted.referral_id
    )  # fmt: skip
    assert (sent.status, sent.worker, sent.due_at) == ("accepted", "", None)
    (received,) = (
        each for each in counted.taken(world.receiver.supervisor, side=Side.RECEIVER)
        if each.id == counted.accepted.referral_id
    )  # fmt: skip
    assert received.worker
    assert received.due_at


def test_stewards_take_no_needs_services_and_people(counted: Counted) -> None:
    steward = counted.accepted.world.steward
    for each in counted.taken(steward):
        assert (each.need, each.service, each.worker, each.priority) == ("", "", "", "")
    with pytest.raises(InvalidInput):
        counted.taken(steward, Behind(standing=Standing.DECLINED, reason="no_capacity"))


def test_others_take_nothing(counted: Counted) -> None:
    world = counted.accepted.world
    assert counted.taken(world.stranger.supervisor) == ()
    with pytest.raises(NotPermitted):
        counted.taken(world.sender.case_manager)
