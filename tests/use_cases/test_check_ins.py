"""Check-ins of a supervisor and a worker: private to the two, with an agenda made from data."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    AuditRow,
    CheckIn,
    CheckInAction,
    CheckInPoint,
    Client,
    FeedbackNote,
    Goal,
    Membership,
    Notice,
    OutboxMessage,
    Task,
    Team,
    TeamMember,
)
from referral_hub.rules.actor import Actor, Anonymous, Application, Link, Person, System
from referral_hub.rules.check_ins import AgendaKind
from referral_hub.rules.errors import Conflict, HubError, InvalidInput, NotFound, NotPermitted
from referral_hub.rules.notices import Frequency, NoticeKind
from referral_hub.rules.roles import Role
from referral_hub.rules.scopes import Scope
from referral_hub.use_cases.check_in_views import CheckInView
from referral_hub.use_cases.check_in_words import (
    add_point,
    agree_action,
    mark_action,
    write_feedback,
)
from referral_hub.use_cases.check_ins import (
    cancel_check_in,
    hold_check_in,
    move_check_in,
    plan_check_in,
)
from referral_hub.use_cases.deliver_notices import deliver_digests, deliver_notices
from referral_hub.use_cases.notices import choose_notices, list_notices
from referral_hub.use_cases.show_check_ins import list_check_ins, my_check_ins, show_check_in
from tests.referral_acts import Played, a_sent_one, in_status
from tests.referral_world import NOW, VAULT, Staff, World, a_client, a_world

SECRET = "You calm people who shout. Write shorter notes."


@dataclass
class Talk:
    """A check-in of a supervisor and the case manager of their team."""

    session: Session
    world: World
    id: UUID

    @property
    def staff(self) -> Staff:
        return self.world.sender

    @property
    def lead(self) -> Person:
        return self.staff.supervisor

    @property
    def worker(self) -> Person:
        return self.staff.case_manager

    def seen(self, actor: Actor) -> CheckInView:
        self.session.rollback()
        return show_check_in(self.session, actor, VAULT, self.id, now=NOW)

    def feedback(self, actor: Actor, text: str = SECRET) -> None:
        write_feedback(self.session, actor, VAULT, self.id, text, now=NOW)

    def hold(self, notes: str = "") -> None:
        hold_check_in(self.session, self.lead, VAULT, self.id, notes, now=NOW)

    def agree(self, text: str = "Call the landlord.", who: Person | None = None) -> UUID:
        person = who or self.worker
        return agree_action(
            self.session, self.lead, VAULT, self.id, text, person.person_id,
            (NOW + timedelta(days=3)).date(), now=NOW,
        )  # fmt: skip

    def leave(self, person: Person) -> None:
        """End somebody's part in the team."""
        rows = self.session.scalars(
            select(TeamMember).where(TeamMember.person_id == person.person_id)
        )
        for row in rows:
            row.until = NOW.date()
        self.session.commit()


def planned(session: Session, world: World | None = None) -> Talk:
    """A check-in that is planned for tomorrow."""
    world = world or a_world(session)
    staff = world.sender
    made = plan_check_in(
        session, staff.supervisor, staff.case_manager.person_id, NOW + timedelta(days=1), 2,
        now=NOW,
    )  # fmt: skip
    return Talk(session, world, made)


def new_lead(talk: Talk) -> Person:
    """Somebody who supervises the team in place of the supervisor before."""
    lead = talk.world.sender.intake_worker
    talk.session.add(
        Membership(
            person_id=lead.person_id, agency_id=talk.staff.agency_id, role=Role.SUPERVISOR,
            since=NOW,
        )
    )  # fmt: skip
    talk.session.add(
        TeamMember(
            team_id=talk.staff.team_id, person_id=lead.person_id, part="supervisor",
            since=NOW.date(),
        )
    )  # fmt: skip
    talk.session.commit()
    roles = lead.roles | {Role.SUPERVISOR}
    return replace(lead, roles=roles, teams=frozenset({talk.staff.team_id}))


def everybody_else(talk: Talk) -> dict[str, Actor]:
    """Everybody but the two, in each role that there is."""
    staff, world = talk.staff, talk.world
    every_scope = frozenset(map(str, Scope))
    return {
        "a colleague of the team": staff.intake_worker,
        "the administrator": staff.administrator,
        "an administrator who is a steward too": replace(
            staff.administrator,
            roles=staff.administrator.roles | {Role.NETWORK_STEWARD, Role.SUPERVISOR},
        ),
        "a supervisor of another team": replace(
            staff.supervisor, person_id=uuid4(), teams=frozenset({uuid4()})
        ),
        "another supervisor of the team": new_lead(talk),
        "the supervisor of another agency": world.receiver.supervisor,
        "the steward": world.steward,
        "a system of the agency": Application("all", staff.agency_id, every_scope),
        "a system in the name of the worker": Application(
            "all", staff.agency_id, every_scope, talk.worker
        ),
        "the worker at another agency": replace(talk.worker, agency_id=world.receiver.agency_id),
        "a link": Link(uuid4(), "verify-listing"),
        "the hub itself": System(),
        "nobody": Anonymous(),
    }


def test_nobody_but_the_two_reads_feedback(session: Session) -> None:
    talk = planned(session)
    talk.feedback(talk.lead)
    for actor in (talk.lead, talk.worker):
        assert [note.text for note in talk.seen(actor).feedback] == [SECRET]
    for who, actor in everybody_else(talk).items():
        for look in (talk.seen, lambda each: list_check_ins(session, each, VAULT, now=NOW)):
            try:
                found = look(actor)
            except HubError:
                continue
            assert look is not talk.seen, who
            assert SECRET not in repr(found), who
            assert str(talk.id) not in repr(found), who


def test_nobody_but_the_two_writes_in_a_check_in(session: Session) -> None:
    talk = planned(session)
    action = talk.agree()
    for who, actor in everybody_else(talk).items():
        acts: tuple[Callable[[], object], ...] = (
            lambda actor=actor: talk.feedback(actor, "Mine"),
            lambda actor=actor: add_point(session, actor, VAULT, talk.id, "Mine", now=NOW),
            lambda actor=actor: mark_action(session, actor, action, done=True, now=NOW),
            lambda actor=actor: cancel_check_in(session, actor, talk.id, now=NOW),
            lambda actor=actor: hold_check_in(session, actor, VAULT, talk.id, "", now=NOW),
        )
        for act in acts:
            with pytest.raises(HubError):
                act()
            session.rollback()
            assert len(talk.seen(talk.worker).feedback) == 0, who


def test_a_new_supervisor_of_the_team_sees_none_of_the_old_notes(session: Session) -> None:
    talk = planned(session)
    talk.feedback(talk.lead)
    talk.hold("Shorter notes.")
    lead = new_lead(talk)
    talk.leave(talk.lead)
    with pytest.raises(NotFound):
        talk.seen(lead)
    made = plan_check_in(session, lead, talk.worker.person_id, NOW + timedelta(days=1), 1, now=NOW)
    view = Talk(session, talk.world, made).seen(lead)
    assert view.feedback == ()
    assert [line.id for line in list_check_ins(session, lead, VAULT, now=NOW).coming] == [made]


def test_who_no_longer_supervises_reads_nothing_and_the_worker_reads_on(session: Session) -> None:
    talk = planned(session)
    talk.feedback(talk.lead)
    was = talk.lead
    for change in ("the worker left the team", "the supervisor did", "the role is gone"):
        lead = was
        if change == "the worker left the team":
            talk.leave(talk.worker)
        if change == "the supervisor did":
            lead = replace(was, teams=frozenset())
        if change == "the role is gone":
            lead = replace(was, roles=frozenset({Role.CASE_MANAGER}))
        with pytest.raises(NotFound):
            talk.seen(lead)
        assert list_check_ins(session, lead, VAULT, now=NOW).coming == ()
        assert [note.text for note in talk.seen(talk.worker).feedback] == [SECRET]


def test_the_worker_reads_on_whatever_they_become_in_the_agency(session: Session) -> None:
    talk = planned(session)
    talk.feedback(talk.lead)
    for role in (Role.AGENCY_ADMINISTRATOR, Role.SUPERVISOR, Role.INTAKE_WORKER):
        become = replace(talk.worker, roles=frozenset({role}))
        assert [note.text for note in talk.seen(become).feedback] == [SECRET]


def test_the_worker_tells_the_supervisor_too(session: Session) -> None:
    talk = planned(session)
    talk.feedback(talk.worker, "You help most when you ask.")
    (note,) = talk.seen(talk.lead).feedback
    assert (note.text, note.own) == ("You help most when you ask.", False)


def test_whatever_is_written_is_sealed_and_the_audit_has_none_of_it(session: Session) -> None:
    talk = planned(session)
    talk.feedback(talk.lead, "canary one")
    add_point(session, talk.worker, VAULT, talk.id, "canary two", now=NOW)
    talk.agree("canary three")
    talk.hold("canary four")
    sealed = [
        session.scalars(select(column)).one()
        for column in (
            FeedbackNote.text_sealed, CheckInPoint.text_sealed, CheckInAction.text_sealed,
            CheckIn.notes_sealed,
        )
    ]  # fmt: skip
    assert all(each and b"canary" not in each for each in sealed)
    told = session.scalars(select(AuditRow)).all()
    assert not any("canary" in repr(vars(row)) for row in told)
    assert "canary" not in str(session.scalars(select(CheckIn.agenda)).one())


def test_only_with_workers_of_ones_own_teams(session: Session) -> None:
    world = a_world(session)
    staff, at = world.sender, NOW + timedelta(days=1)
    for person in (world.receiver.case_manager, staff.administrator, staff.supervisor):
        with pytest.raises(InvalidInput):
            plan_check_in(session, staff.supervisor, person.person_id, at, 2, now=NOW)
        session.rollback()
    no_team = replace(staff.supervisor, teams=frozenset())
    with pytest.raises(InvalidInput):
        plan_check_in(session, no_team, staff.case_manager.person_id, at, 2, now=NOW)
    for actor in (staff.case_manager, staff.administrator, world.steward, System()):
        with pytest.raises(NotPermitted):
            plan_check_in(session, actor, staff.intake_worker.person_id, at, 2, now=NOW)


def test_a_team_that_ended_has_no_workers(session: Session) -> None:
    talk = planned(session)
    session.get_one(Team, talk.staff.team_id).ended_at = NOW
    session.commit()
    assert list_check_ins(session, talk.lead, VAULT, now=NOW).workers == ()


def test_the_worker_neither_moves_nor_holds_it(session: Session) -> None:
    talk = planned(session)
    worker = replace(talk.worker, roles=talk.worker.roles | {Role.SUPERVISOR})
    later = NOW + timedelta(days=2)
    for act in (
        lambda: move_check_in(session, worker, talk.id, later, 1, now=NOW),
        lambda: cancel_check_in(session, worker, talk.id, now=NOW),
        lambda: hold_check_in(session, worker, VAULT, talk.id, "", now=NOW),
    ):
        with pytest.raises(NotFound):
            act()
        session.rollback()


def test_what_was_held_or_cancelled_stays_so(session: Session) -> None:
    talk = planned(session)
    talk.hold()
    for act in (
        talk.hold,
        lambda: cancel_check_in(session, talk.lead, talk.id, now=NOW),
        lambda: add_point(session, talk.worker, VAULT, talk.id, "Late", now=NOW),
    ):
        with pytest.raises(Conflict):
            act()
        session.rollback()
    other = planned(session, talk.world)
    cancel_check_in(session, other.lead, other.id, now=NOW)
    with pytest.raises(Conflict):
        other.agree()


def test_the_next_one_is_suggested_from_the_interval(session: Session) -> None:
    talk = planned(session)
    (worker,) = (
        each
        for each in list_check_ins(session, talk.lead, VAULT, now=NOW).workers
        if each.id == talk.worker.person_id
    )
    assert (worker.planned_at, worker.suggested) == (NOW + timedelta(days=1), None)
    talk.hold()
    workers = list_check_ins(session, talk.lead, VAULT, now=NOW).workers
    (worker,) = (each for each in workers if each.id == talk.worker.person_id)
    assert worker.suggested == NOW + timedelta(days=15)
    assert list_check_ins(session, talk.worker, VAULT, now=NOW).workers == ()


def test_what_is_agreed_is_a_task_of_that_person_until_they_tick_it(session: Session) -> None:
    talk = planned(session)
    action = talk.agree()
    (mine,) = my_check_ins(session, talk.worker, VAULT, now=NOW).actions
    assert (mine.id, mine.text, mine.overdue) == (action, "Call the landlord.", False)
    assert my_check_ins(session, talk.lead, VAULT, now=NOW).actions == ()
    late = my_check_ins(session, talk.worker, VAULT, now=NOW + timedelta(days=5))
    assert late.actions[0].overdue
    with pytest.raises(NotFound):
        mark_action(session, talk.lead, action, done=True, now=NOW)
    mark_action(session, talk.worker, action, done=True, now=NOW)
    assert my_check_ins(session, talk.worker, VAULT, now=NOW).actions == ()
    mark_action(session, talk.worker, action, done=False, now=NOW)
    assert len(my_check_ins(session, talk.worker, VAULT, now=NOW).actions) == 1


def test_what_was_agreed_is_still_ones_own_when_the_pair_is_no_more(session: Session) -> None:
    talk = planned(session)
    action = talk.agree(who=talk.lead)
    talk.leave(talk.lead)
    lead = replace(talk.lead, teams=frozenset())
    assert [each.id for each in my_check_ins(session, lead, VAULT, now=NOW).actions] == [action]
    mark_action(session, lead, action, done=True, now=NOW)


def test_what_is_open_stands_on_the_next_agenda_of_the_pair(session: Session) -> None:
    talk = planned(session)
    talk.agree()
    done = talk.agree("Done by then.")
    mark_action(session, talk.worker, done, done=True, now=NOW)
    talk.hold()
    following = planned(session, talk.world)
    found = kinds(following.seen(following.worker))
    assert found == {AgendaKind.ACTION: ["Call the landlord."]}


def kinds(view: CheckInView) -> dict[AgendaKind, list[str]]:
    """What stands on an agenda, by kind."""
    found: dict[AgendaKind, list[str]] = {}
    for item in view.agenda:
        found.setdefault(item.kind, []).append(item.text)
    return found


def test_what_one_wants_to_talk_about_both_read(session: Session) -> None:
    talk = planned(session)
    add_point(session, talk.worker, VAULT, talk.id, "My holidays", now=NOW)
    (point,) = talk.seen(talk.lead).points
    assert (point.text, point.own) == ("My holidays", False)


def of(played: Played) -> Talk:
    """A check-in of the receiver's supervisor with its intake worker, at the time of the play."""
    staff = played.world.receiver
    made = plan_check_in(
        played.session, staff.supervisor, staff.intake_worker.person_id,
        played.now + timedelta(days=1), 2, now=played.now,
    )  # fmt: skip
    return Talk(played.session, played.world, made)


def agenda_of(played: Played, talk: Talk, actor: Actor) -> dict[AgendaKind, list[str]]:
    played.session.rollback()
    return kinds(show_check_in(played.session, actor, VAULT, talk.id, now=played.now))


@pytest.mark.parametrize(
    ("status", "later", "kind"),
    [
        ("accepted", timedelta(days=10), AgendaKind.OVERDUE_REFERRAL),
        ("completed", timedelta(days=2), AgendaKind.SUCCESS),
        ("completed", timedelta(days=40), None),
    ],
)
def test_the_agenda_names_the_workers_referrals_that_are_late_or_went_well(
    session: Session, status: str, later: timedelta, kind: AgendaKind | None
) -> None:
    played = in_status(session, status)
    played.now += later
    found = agenda_of(played, talk := of(played), played.world.receiver.supervisor)
    assert set(found) - {AgendaKind.NO_CONTACT} == ({kind} if kind else set())
    other = plan_check_in(
        session, played.world.receiver.supervisor,
        played.world.receiver.case_manager.person_id, played.now + timedelta(days=1), 2,
        now=played.now,
    )  # fmt: skip
    talk = Talk(session, played.world, other)
    assert agenda_of(played, talk, played.world.receiver.supervisor) == {}


def test_what_stands_still_for_long_is_named(session: Session) -> None:
    played = in_status(session, "waitlisted")
    played.row.assignee_id = played.world.receiver.intake_worker.person_id
    session.commit()
    played.row.due_at = None
    session.commit()
    assert agenda_of(played, of(played), played.world.receiver.supervisor) == {}
    played.now += timedelta(days=31)
    found = agenda_of(played, of(played), played.world.receiver.supervisor)
    assert list(found) == [AgendaKind.LONG_OPEN]


def with_client(talk: Talk) -> None:
    """A client of the worker's with an overdue task, a goal that was reached, and no contact."""
    long_ago = NOW - timedelta(days=45)
    client = a_client(talk.session, talk.staff, now=long_ago)
    task = Task(
        id=uuid4(), agency_id=talk.staff.agency_id, client_id=client.id,
        assignee_id=talk.worker.person_id, urgency=1, importance=1, created_at=long_ago,
        due_on=(NOW - timedelta(days=2)).date(),
    )  # fmt: skip
    task.text_sealed = VAULT.seal("task.text", task.id, "Fetch the papers")
    goal = Goal(
        id=uuid4(), client_id=client.id, opened_at=long_ago, closed_at=NOW - timedelta(days=3),
        reached=True,
    )  # fmt: skip
    goal.text_sealed = VAULT.seal("goal.text", goal.id, "Find work")
    talk.session.add_all([task, goal])
    talk.session.commit()


WHOLE = {
    AgendaKind.GOAL_REACHED: ["Rosa Quintero-Vega: Find work"],
    AgendaKind.OVERDUE_TASK: ["Rosa Quintero-Vega: Fetch the papers"],
    AgendaKind.NO_CONTACT: ["Rosa Quintero-Vega"],
}


def test_the_agenda_names_tasks_goals_and_clients_of_the_worker(session: Session) -> None:
    talk = planned(session)
    with_client(talk)
    view = talk.seen(talk.lead)
    assert kinds(view) == WHOLE
    assert all(item.address.startswith("/clients/") for item in view.agenda)


def test_nothing_of_a_client_whom_the_viewer_may_not_open(session: Session) -> None:
    """The worker's client belongs to another team, which the supervisor does not supervise."""
    talk = planned(session)
    with_client(talk)
    for client in session.scalars(select(Client)):
        client.team_id = other_team(talk)
    session.commit()
    assert "Rosa" not in repr(talk.seen(talk.lead))
    assert talk.seen(talk.lead).agenda == ()
    assert kinds(talk.seen(talk.worker)) == WHOLE


def test_what_stood_on_the_agenda_is_kept_and_opened_for_who_may(session: Session) -> None:
    talk = planned(session)
    with_client(talk)
    talk.hold("We spoke of Rosa.")
    kept = session.get_one(CheckIn, talk.id).agenda or []
    assert {each["kind"] for each in kept} == {kind.value for kind in WHOLE}
    assert "Rosa" not in str(kept)
    for task in session.scalars(select(Task)):
        task.done_at = NOW
    session.commit()
    view = talk.seen(talk.worker)
    assert kinds(view) == WHOLE
    assert view.notes == "We spoke of Rosa."
    for client in session.scalars(select(Client)):
        client.team_id = other_team(talk)
    session.commit()
    view = talk.seen(talk.lead)
    assert (view.agenda, view.hidden) == ((), 3)


def other_team(talk: Talk) -> UUID:
    """A team that nobody here supervises."""
    team = Team(id=uuid4(), agency_id=talk.staff.agency_id, name="Night", created_at=NOW)
    talk.session.add(team)
    talk.session.flush()
    return team.id


def test_news_of_a_check_in_is_for_the_other_one_and_says_nothing_of_it(session: Session) -> None:
    talk = planned(session)
    talk.feedback(talk.lead)
    talk.feedback(talk.worker, "Thanks.")
    rows = session.scalars(select(Notice).order_by(Notice.created_at)).all()
    assert {(row.person_id, row.kind, row.check_in_id) for row in rows} == {
        (talk.worker.person_id, NoticeKind.CHECK_IN, talk.id),
        (talk.lead.person_id, NoticeKind.CHECK_IN, talk.id),
    }
    assert len(rows) == 2
    (line,) = list_notices(session, talk.worker, VAULT, now=NOW).notices
    assert (line.check_in_id, line.referral_id, line.referral) == (talk.id, None, None)


def test_a_mail_tells_of_a_check_in_by_a_link_and_not_who_may_not_read_it(
    session: Session,
) -> None:
    talk = planned(session)
    choose_notices(session, talk.worker, {NoticeKind.CHECK_IN: Frequency.AT_ONCE})
    move_check_in(session, talk.lead, talk.id, NOW + timedelta(days=4), 1, now=NOW)
    for row in session.scalars(select(Notice)):
        row.mail = Frequency.AT_ONCE
    session.commit()
    talk.feedback(talk.worker)
    for row in session.scalars(select(Notice)):
        row.mail = Frequency.AT_ONCE
    session.commit()
    talk.leave(talk.lead)
    assert deliver_notices(session, System(), VAULT, now=NOW) == 2
    (mail,) = session.scalars(select(OutboxMessage)).all()
    text = VAULT.open("outbox.payload", mail.id, mail.payload_sealed)
    assert f"/supervision/check-ins/{talk.id}" in text
    assert SECRET not in text


def test_the_daily_mail_counts_it(session: Session) -> None:
    talk = planned(session)
    assert deliver_digests(session, System(), VAULT, now=NOW + timedelta(days=2)) == 1
    (mail,) = session.scalars(select(OutboxMessage)).all()
    text = VAULT.open("outbox.payload", mail.id, mail.payload_sealed)
    assert '"referrals": "0"' in text
    assert talk.seen(talk.worker).has_news


def test_a_referral_of_another_worker_stands_on_nobody_elses_agenda(session: Session) -> None:
    played = a_sent_one(session)
    played.now += timedelta(days=20)
    talk = of(played)
    assert agenda_of(played, talk, played.world.receiver.supervisor) == {}
