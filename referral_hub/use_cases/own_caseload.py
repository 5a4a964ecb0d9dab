"""One's own caseload: what one carries, and what of it asks for a talk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import CaseAssignment, CaseloadSignal
from referral_hub.rules.actor import Actor
from referral_hub.rules.caseload_signals import (
    OWN_WORDS,
    Limits,
    Reason,
    reasons_for,
    supervisor_sees,
    supervisor_sees_from,
)
from referral_hub.rules.caseload_weights import formula, load_of
from referral_hub.rules.errors import Conflict
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.caseload_views import OwnLine, OwnLoad, SignalView
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.case_lines import case_lines, history_of
from referral_hub.use_cases.steps.caseload_signals import note_shown
from referral_hub.use_cases.steps.caseloads import (
    CaseloadRules,
    HeldCase,
    caseload_rules,
    cases_at,
)
from referral_hub.use_cases.steps.clients import agency_of, author_of, local_day
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.transaction import transaction


def show_own_line(session: Session, actor: Actor, *, now: datetime) -> OwnLine:
    """One's own load in a line. A signal in it counts as shown from now on."""
    require(actor, Permission.OWN_CASELOAD_READ)
    agency_id, person_id = agency_of(actor), author_of(actor)
    with transaction(session):
        rules = caseload_rules(session)
        cases = cases_at(session, agency_id, now, CaseAssignment.worker_id == person_id)
        return _line(session, agency_id, person_id, cases, rules, now)


def show_own_load(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> OwnLoad:
    """One's own load with its cases, the heaviest first. A signal counts as shown from now on."""
    require(actor, Permission.OWN_CASELOAD_READ)
    agency_id, person_id = agency_of(actor), author_of(actor)
    with transaction(session):
        rules, today = caseload_rules(session), local_day(session, agency_id, now)
        cases = cases_at(session, agency_id, now, CaseAssignment.worker_id == person_id)
        lines = case_lines(session, vault, cases, rules.weights, today)
        add_audit(
            session, actor, "client:list", agency_id=agency_id, detail=f"{len(lines)} weighed",
            shown=(line.client_id for line in lines), now=now,
        )  # fmt: skip
        people = list(names_of(session, vault, [person_id]).items())
        return OwnLoad(
            line=_line(session, agency_id, person_id, cases, rules, now),
            band=rules.band,
            formula=formula(rules.weights),
            trauma_limit=rules.limits.trauma_share,
            cases=lines,
            history=history_of(session, agency_id, people, today),
        )


def share_signal(session: Session, actor: Actor, reason: Reason, *, now: datetime) -> None:
    """Let one's supervisor see at once that one's caseload asks for a talk, for this reason. Raises
    Conflict where it does not, or nobody was shown so."""
    require(actor, Permission.OWN_CASELOAD_READ)
    agency_id, person_id = agency_of(actor), author_of(actor)
    with transaction(session):
        held = session.get(CaseloadSignal, (agency_id, person_id, reason), with_for_update=True)
        if held is None:
            raise Conflict("There is nothing to share any more. Load the page again.")
        held.shared_at = held.shared_at or now
        add_audit(session, actor, "caseload:share", agency_id=agency_id, now=now)


def _line(
    session: Session,
    agency_id: UUID,
    person_id: UUID,
    cases: list[HeldCase],
    rules: CaseloadRules,
    now: datetime,
) -> OwnLine:
    load = load_of((case.facts for case in cases), rules.weights)
    reasons = reasons_for(load, rules.band, rules.limits)
    held = note_shown(session, agency_id, person_id, reasons, now=now)
    signals = tuple(_signal(reason, held[reason], rules.limits, now) for reason in reasons)
    return OwnLine(load, rules.band.place(load.points), signals)


def _signal(reason: Reason, held: CaseloadSignal, limits: Limits, now: datetime) -> SignalView:
    return SignalView(
        reason,
        OWN_WORDS[reason],
        supervisor_sees_from(held.shown_at, limits),
        supervisor_sees(held.shown_at, held.shared_at, limits, now),
        held.shared_at,
    )
