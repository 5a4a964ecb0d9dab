"""What supervisors of the demo network try, note and want to be reminded of."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, ImprovementCycle
from referral_hub.rules.actor import Person as Acting
from referral_hub.rules.improvements import Drawn, Every, Plan, Quantity, Stage
from referral_hub.rules.mail_schedules import MailSchedule
from referral_hub.rules.measures import Measure
from referral_hub.rules.roles import Role
from referral_hub.use_cases.figure_links import save_link
from referral_hub.use_cases.figure_notes import pin_note
from referral_hub.use_cases.improvements import (
    begin_cycle,
    change_cycle,
    close_cycle,
    mark_change,
    write_log,
)
from referral_hub.use_cases.steps.network import network_setting
from referral_hub.use_cases.steps.people import person_with_email
from referral_hub.use_cases.steps.sessions import supervised_teams

AGENCY, EMAIL = "Front Door Network", "supervisor@demo.example"


def load_supervision(session: Session, vault: Vault, *, now: datetime) -> None:
    """An improvement that goes on, one that is closed, a note on a chart and a link by mail, of one
    supervisor. Where there is an improvement already, nothing happens."""
    if session.scalar(select(ImprovementCycle.id).limit(1)) is not None:
        return
    supervisor = supervisor_of_demo(session, vault, now)
    _phone_first(session, vault, supervisor, now)
    _checklist(session, vault, supervisor, now)
    pin_note(
        session, supervisor, vault, "/supervision", "overview.months", {},
        "The food pantry on Cermak Road was closed for repairs for two weeks: fewer referrals "
        "were completed than usual, and those that waited went on later.",
        about_on=(now - timedelta(days=150)).date(), now=now - timedelta(days=110),
    )  # fmt: skip
    save_link(
        session, supervisor, vault, "Figures of my team, before the Monday meeting",
        "/supervision", MailSchedule(Every.WEEK, 0, 8), now=now,
    )  # fmt: skip


def _phone_first(session: Session, vault: Vault, supervisor: Acting, now: datetime) -> None:
    begun = now - timedelta(days=215)
    plan = Plan(
        title="Call the receiver before sending",
        aim="Of what we send, 6 of 10 referrals are completed by the end of the year, "
        "instead of 5 of 10.",
        change="The case manager calls the receiving agency before sending and asks whether there "
        "is room, and which papers are needed.",
        measured=Measure.COMPLETION,
        every=Every.MONTH,
        drawn=Drawn.CONTROL,
        baseline_on=_month_before(now, 13),
        ends_on=None,
    )
    of = {"side": "sender"}
    cycle = begin_cycle(session, supervisor, vault, plan, of, now=begun)
    write_log(
        session, supervisor, vault, cycle,
        "We expect that fewer are declined for lack of room. The team agreed to try it for half a "
        "year.",
        now=begun,
    )  # fmt: skip
    started = begun + timedelta(days=14)
    mark_change(
        session,
        supervisor,
        vault,
        cycle,
        _day(session, started),
        "Calls before sending begin",
        now=started,
    )
    change_cycle(session, supervisor, vault, cycle, plan, of, Stage.DO, 1, now=started)
    write_log(
        session, supervisor, vault, cycle,
        "Calls take about six minutes. Two agencies have no one at the phone before ten.",
        now=started + timedelta(days=30),
    )  # fmt: skip
    change_cycle(
        session, supervisor, vault, cycle, plan, of, Stage.STUDY, 2, now=now - timedelta(days=20)
    )


def _checklist(session: Session, vault: Vault, supervisor: Acting, now: datetime) -> None:
    begun = now - timedelta(days=200)
    plan = Plan(
        title="A checklist of papers before sending",
        aim="Receivers decide half a day sooner by the end of the autumn, since they need not ask.",
        change="Before sending, the case manager goes through the list of papers that the service "
        "asks for.",
        measured=Quantity.DAYS_TO_DECISION,
        every=Every.MONTH,
        drawn=Drawn.RUN,
        baseline_on=_month_before(now, 12),
        ends_on=_month_before(now, 0) - timedelta(days=1),
    )
    cycle = begin_cycle(session, supervisor, vault, plan, {"side": "sender"}, now=begun)
    started = begun + timedelta(days=10)
    mark_change(
        session, supervisor, vault, cycle, _day(session, started), "The checklist comes into use",
        now=started,
    )  # fmt: skip
    close_cycle(
        session, supervisor, vault, cycle,
        "The team says that fewer questions come back. How soon receivers decide moved hardly more "
        "than it does by itself from month to month. We keep the checklist, since it costs little.",
        1, now=now - timedelta(days=4),
    )  # fmt: skip


def supervisor_of_demo(session: Session, vault: Vault, now: datetime) -> Acting:
    """Solomon Pryce, as whom people sign in to look at supervision."""
    agency = session.scalars(select(Agency).where(Agency.name == AGENCY)).one()
    person = person_with_email(session, vault, EMAIL)
    if person is None:
        raise LookupError(f"{EMAIL} is not there; load the people of the demo first")
    teams = supervised_teams(session, person.id, agency.id, now)
    return Acting(person.id, agency.id, frozenset({Role.SUPERVISOR}), teams)


def _day(session: Session, at: datetime) -> date:
    """The day where the network is."""
    return at.astimezone(ZoneInfo(str(network_setting(session, "time_zone")))).date()


def _month_before(now: datetime, months: int) -> date:
    number = now.year * 12 + now.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
