"""The work with a client: needs, goals, notes, tasks and household, sealed and audited."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Agency,
    AuditRow,
    Client,
    ClientNote,
    Goal,
    GoalStep,
    HouseholdMember,
    Need,
    Task,
)
from referral_hub.rules.actor import Actor, Application
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.clients import CaseEnd, NeedStatus, NoteKind
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound, NotPermitted
from referral_hub.use_cases.client_notes import add_note
from referral_hub.use_cases.client_views import ClientView
from referral_hub.use_cases.clients import close_case, show_client
from referral_hub.use_cases.goals import add_goal, add_step, close_goal, mark_step, reopen_goal
from referral_hub.use_cases.household import add_member, change_member, end_member
from referral_hub.use_cases.needs import add_need, close_need, reopen_need, weigh_need
from referral_hub.use_cases.tasks import add_task, change_task, list_tasks, mark_task
from tests.referral_world import NOW, SCOPES, VAULT, World, a_client, a_world

WEIGHT = {"urgency": 3, "importance": 2, "acuity": 4}
PRESSES = {"urgency": 3, "importance": 2}
LUZ = Profile(given_name="Luz", relation="daughter", birth_date=date(2018, 2, 1))


class Case:
    """A client of an agency, and who works with them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.world: World = a_world(session)
        self.worker = self.world.sender.case_manager
        self.id = a_client(session, self.world.sender).id

    def view(self, at: datetime = NOW) -> ClientView:
        return show_client(self.session, self.worker, self.id, VAULT, now=at)

    def need(self, **more: object) -> UUID:
        values = WEIGHT | more
        return add_need(self.session, self.worker, self.id, "food", VAULT, **values, now=NOW)  # type: ignore[arg-type]

    def goal(self, text: str = "Eat well", **more: object) -> UUID:
        return add_goal(self.session, self.worker, self.id, text, VAULT, **more, now=NOW)  # type: ignore[arg-type]

    def task(self, text: str = "Call", **more: object) -> UUID:
        values = PRESSES | more
        return add_task(self.session, self.worker, self.id, text, VAULT, **values, now=NOW)  # type: ignore[arg-type]

    def note(self, kind: NoteKind = NoteKind.CONTACT, text: str = "Met", **more: object) -> UUID:
        return add_note(self.session, self.worker, self.id, kind, text, VAULT, **more, now=NOW)  # type: ignore[arg-type]

    def audited(self) -> list[str]:
        self.session.rollback()
        return list(self.session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


@pytest.fixture
def case(session: Session) -> Case:
    return Case(session)


def faults(act: Callable[[], object]) -> set[str]:
    with pytest.raises(InvalidInput) as error:
        act()
    return set(error.value.fields)


def test_needs_are_weighed_closed_and_reopened(session: Session, case: Case) -> None:
    need = case.need(detail="No bread")
    low = case.need(urgency=1, importance=1)
    (first, second) = case.view().needs
    assert (first.id, first.label, first.rank, first.detail) == (need, "Food", 6, "No bread")
    assert (second.id, second.detail) == (low, "")
    weigh_need(
        session, case.worker, case.id, need, VAULT, urgency=1, importance=1, acuity=1, now=NOW
    )
    close_need(session, case.worker, case.id, low, NeedStatus.PARTLY_MET, now=NOW)
    (first, second) = case.view().needs
    assert (first.id, first.rank, first.acuity, first.detail) == (need, 1, 1, "")
    assert (second.status, second.closed_at) == (NeedStatus.PARTLY_MET, NOW)
    with pytest.raises(Conflict):
        close_need(session, case.worker, case.id, low, NeedStatus.MET, now=NOW)
    with pytest.raises(Conflict):
        weigh_need(session, case.worker, case.id, low, VAULT, **WEIGHT, now=NOW)
    reopen_need(session, case.worker, case.id, low, now=NOW)
    with pytest.raises(Conflict):
        reopen_need(session, case.worker, case.id, low, now=NOW)


def test_a_need_that_cannot_be_meant_is_refused(session: Session, case: Case) -> None:
    assert faults(lambda: case.need(urgency=0, importance=4)) == {"urgency", "importance"}
    assert faults(lambda: case.need(acuity=6)) == {"acuity"}
    assert faults(lambda: case.need(detail="a" * 2001)) == {"detail"}
    assert faults(
        lambda: add_need(session, case.worker, case.id, "luck", VAULT, **WEIGHT, now=NOW)
    ) == {"code"}
    need = case.need()
    assert faults(
        lambda: close_need(session, case.worker, case.id, need, NeedStatus.OPEN, now=NOW)
    ) == {"status"}


def test_goals_have_steps_in_order_and_an_end(session: Session, case: Case) -> None:
    need = case.need()
    goal = case.goal(need_id=need, due_on=NOW.date() + timedelta(days=1))
    steps = [
        add_step(session, case.worker, case.id, goal, text, VAULT, now=NOW)
        for text in ("First", "Second")
    ]
    for _ in range(2):
        mark_step(session, case.worker, case.id, goal, steps[1], done=True, now=NOW)
    (view,) = case.view().goals
    assert [step.text for step in view.steps] == ["First", "Second"]
    assert (view.steps_done, view.need_id, view.overdue) == (1, need, False)
    assert case.view(NOW + timedelta(days=2)).goals[0].overdue
    mark_step(session, case.worker, case.id, goal, steps[1], done=False, now=NOW)
    close_goal(session, case.worker, case.id, goal, reached=False, now=NOW)
    (view,) = case.view(NOW + timedelta(days=2)).goals
    assert (view.steps_done, view.reached, view.overdue) == (0, False, False)
    with pytest.raises(Conflict):
        close_goal(session, case.worker, case.id, goal, reached=True, now=NOW)
    with pytest.raises(Conflict):
        add_step(session, case.worker, case.id, goal, "Third", VAULT, now=NOW)
    reopen_goal(session, case.worker, case.id, goal, now=NOW)
    assert case.audited().count("goal:step-done") == 1


def test_a_goal_belongs_to_a_need_of_the_same_client(session: Session, case: Case) -> None:
    other = a_client(session, case.world.sender)
    theirs = add_need(session, case.worker, other.id, "food", VAULT, **WEIGHT, now=NOW)
    assert faults(lambda: case.goal(need_id=theirs)) == {"need_id"}
    assert faults(lambda: case.goal(need_id=uuid4())) == {"need_id"}
    assert faults(lambda: case.goal(text=" ")) == {"text"}
    assert faults(lambda: case.goal(due_on=date(2020, 1, 1))) == {"due_on"}


def test_notes_stay_and_are_corrected_by_others(session: Session, case: Case) -> None:
    first = case.note(NoteKind.INTAKE, "Two children", occurred_on=date(2026, 11, 28))
    case.note(NoteKind.INTAKE, "Three children", corrects_id=first)
    (later, earlier) = case.view().notes
    assert (later.text, later.corrects_id, earlier.corrected) == ("Three children", first, True)
    assert earlier.author == "Case Manager North Side Housing"
    assert case.view().last_contact_at is None
    with pytest.raises(NotFound):
        case.note(corrects_id=uuid4())
    other = a_client(session, case.world.sender)
    theirs = add_note(session, case.worker, other.id, NoteKind.PLAN, "x", VAULT, now=NOW)
    with pytest.raises(NotFound):
        case.note(corrects_id=theirs)


def test_the_last_contact_is_the_latest_one_noted(session: Session, case: Case) -> None:
    case.note(occurred_on=date(2026, 11, 20))
    assert case.view().last_contact_at == datetime(2026, 11, 20, 18, tzinfo=UTC), "noon in Chicago"
    case.note()
    case.note(occurred_on=date(2026, 11, 1))
    assert case.view().last_contact_at == NOW
    for day in (date(2026, 12, 1), date(2000, 1, 1), date(1, 1, 1), date(9999, 12, 31)):
        assert faults(lambda day=day: case.note(occurred_on=day)) == {"occurred_on"}


def test_a_day_of_a_note_is_one_of_the_agencys_zone(session: Session, case: Case) -> None:
    session.get_one(Agency, case.world.sender.agency_id).time_zone = "America/Chicago"
    session.commit()
    case.note(occurred_on=date(2026, 11, 20))
    assert case.view().last_contact_at == datetime(2026, 11, 20, 18, tzinfo=UTC)


def test_a_note_needs_a_person_who_wrote_it(session: Session, case: Case) -> None:
    agency = case.world.sender.agency_id
    alone = case.world.sender.application
    with pytest.raises(NotPermitted):
        add_note(session, alone, case.id, NoteKind.PLAN, "x", VAULT, now=NOW)
    through = Application("app", agency, SCOPES, case.worker)
    add_note(session, through, case.id, NoteKind.PLAN, "x", VAULT, now=NOW)
    assert session.scalars(select(ClientNote.author_id)).one() == case.worker.person_id


def test_tasks_are_listed_by_what_presses_and_only_to_who_has_them(
    session: Session, case: Case
) -> None:
    me, today = case.worker.person_id, NOW.date()
    small = case.task("small", urgency=1, importance=1, assignee_id=me)
    late = case.task("late", urgency=1, importance=2, assignee_id=me, due_on=today)
    big = case.task("big", urgency=3, importance=3, assignee_id=me)
    done = case.task("done", assignee_id=me)
    case.task("somebody's", assignee_id=case.world.sender.intake_worker.person_id)
    for _ in range(2):
        mark_task(session, case.worker, case.id, done, done=True, now=NOW)
    listed = list_tasks(session, case.worker, VAULT, now=NOW + timedelta(days=1))
    assert [(task.id, task.overdue) for task in listed] == [
        (late, True), (big, False), (small, False),
    ]  # fmt: skip
    assert listed[0].client == "Rosa Quintero-Vega"
    assert len(case.view().tasks) == 5
    change_task(
        session, case.worker, case.id, late, urgency=1, importance=1, due_on=today,
        assignee_id=None, now=NOW + timedelta(days=3),
    )  # fmt: skip
    assert late not in {task.id for task in list_tasks(session, case.worker, VAULT, now=NOW)}
    assert case.audited().count("task:done") == 1


def test_a_task_that_cannot_be_meant_is_refused(session: Session, case: Case) -> None:
    assert faults(lambda: case.task(" ")) == {"text"}
    assert faults(lambda: case.task(urgency=4)) == {"urgency"}
    assert faults(lambda: case.task(due_on=date(2020, 1, 1))) == {"due_on"}
    stranger = case.world.receiver.case_manager.person_id
    assert faults(lambda: case.task(assignee_id=stranger)) == {"assignee_id"}


def test_the_household_has_a_history(session: Session, case: Case) -> None:
    member = add_member(session, case.worker, case.id, LUZ, VAULT, now=NOW)
    change_member(
        session, case.worker, case.id, member, replace(LUZ, family_name="Vega"), VAULT, now=NOW
    )
    later = NOW + timedelta(days=9)
    end_member(session, case.worker, case.id, member, now=later)
    (view,) = case.view().household
    assert (view.name, view.profile.relation, view.until) == ("Luz Vega", "daughter", later)
    with pytest.raises(Conflict):
        end_member(session, case.worker, case.id, member, now=later)
    assert faults(
        lambda: add_member(session, case.worker, case.id, Profile(phone="1"), VAULT, now=NOW)
    ) == {"given_name", "phone"}


def test_a_closed_case_takes_notes_and_nothing_else(session: Session, case: Case) -> None:
    goal, need = case.goal(), case.need()
    close_goal(session, case.worker, case.id, goal, reached=True, now=NOW)
    close_need(session, case.worker, case.id, need, NeedStatus.MET, now=NOW)
    close_case(session, case.worker, case.id, CaseEnd.MOVED, now=NOW)
    for act in (
        case.need, case.goal, case.task,
        lambda: reopen_goal(session, case.worker, case.id, goal, now=NOW),
        lambda: reopen_need(session, case.worker, case.id, need, now=NOW),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            act()
    case.note(NoteKind.EVALUATION, "All went well")


def parts(case: Case) -> list[Callable[[Actor, UUID], object]]:
    """Every act on a part of the work, for an actor and a client."""
    session, need, goal, task = case.session, case.need(), case.goal(), case.task()
    step = add_step(session, case.worker, case.id, goal, "x", VAULT, now=NOW)
    member = add_member(session, case.worker, case.id, LUZ, VAULT, now=NOW)
    met = NeedStatus.MET
    return [
        lambda who, of: weigh_need(session, who, of, need, VAULT, **WEIGHT, now=NOW),
        lambda who, of: close_need(session, who, of, need, met, now=NOW),
        lambda who, of: reopen_need(session, who, of, need, now=NOW),
        lambda who, of: add_step(session, who, of, goal, "x", VAULT, now=NOW),
        lambda who, of: mark_step(session, who, of, goal, step, done=True, now=NOW),
        lambda who, of: close_goal(session, who, of, goal, reached=True, now=NOW),
        lambda who, of: reopen_goal(session, who, of, goal, now=NOW),
        lambda who, of: mark_task(session, who, of, task, done=True, now=NOW),
        lambda who, of: change_task(
            session, who, of, task, **PRESSES, due_on=None, assignee_id=None, now=NOW
        ),
        lambda who, of: change_member(session, who, of, member, LUZ, VAULT, now=NOW),
        lambda who, of: end_member(session, who, of, member, now=NOW),
    ]


def additions(session: Session) -> list[Callable[[Actor, UUID], object]]:
    """Every act that adds something to a client."""
    plan = NoteKind.PLAN
    return [
        lambda who, of: add_need(session, who, of, "food", VAULT, **WEIGHT, now=NOW),
        lambda who, of: add_goal(session, who, of, "x", VAULT, now=NOW),
        lambda who, of: add_task(session, who, of, "x", VAULT, **PRESSES, now=NOW),
        lambda who, of: add_note(session, who, of, plan, "x", VAULT, now=NOW),
        lambda who, of: add_member(session, who, of, LUZ, VAULT, now=NOW),
    ]


def test_others_change_nothing_of_the_work(session: Session, case: Case) -> None:
    sender = case.world.sender
    acts = [*parts(case), *additions(session)]
    before = rows(session)
    for actor, error in (
        (case.world.receiver.case_manager, NotFound),
        (sender.supervisor, NotPermitted),
        (sender.administrator, NotPermitted),
        (case.world.steward, NotPermitted),
    ):
        for act in acts:
            with pytest.raises(error):
                act(actor, case.id)
    assert rows(session) == before


def test_a_part_of_one_client_is_not_reached_through_another(session: Session, case: Case) -> None:
    acts = parts(case)
    other = a_client(session, case.world.sender).id
    before = rows(session)
    for act in acts:
        with pytest.raises(NotFound):
            act(case.worker, other)
    assert rows(session) == before


def rows(session: Session) -> list[dict[str, object]]:
    session.rollback()
    session.expire_all()
    return [
        {column.name: getattr(row, column.name) for column in table.__table__.columns}
        for table in (Client, Need, Goal, GoalStep, Task, ClientNote, HouseholdMember)
        for row in session.scalars(select(table).order_by(table.id))
    ]


def test_nothing_that_is_written_stands_in_clear(session: Session, case: Case) -> None:
    goal = case.goal("kestrel goal")
    add_step(session, case.worker, case.id, goal, "kestrel step", VAULT, now=NOW)
    case.need(detail="kestrel need")
    case.task("kestrel task")
    case.note(text="kestrel note")
    kestrel = replace(LUZ, given_name="kestrel")
    add_member(session, case.worker, case.id, kestrel, VAULT, now=NOW)
    assert "kestrel" not in repr(rows(session))
    assert "kestrel" not in repr(
        [(row.action, row.detail) for row in session.scalars(select(AuditRow))]
    )
    shown = repr(case.view())
    assert shown.count("kestrel") == 6
