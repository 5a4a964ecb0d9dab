"""An improvement, a note on a chart and a link by mail, for the hub with one of everything."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Person
from referral_hub.rules.improvements import Drawn, Every, Plan
from referral_hub.rules.mail_schedules import MailSchedule
from referral_hub.rules.measures import Measure
from referral_hub.use_cases.figure_links import save_link
from referral_hub.use_cases.figure_notes import pin_note
from referral_hub.use_cases.improvements import begin_cycle, mark_change
from tests.network import Network


def one_improvement(network: Network, supervisor: Person) -> dict[str, Any]:
    """Ids by the names under which routes ask for them."""
    session: Session = network.session
    vault: Vault = network.vault
    day = (network.now - timedelta(days=30)).date()
    plan = Plan(
        "Call first", "More is completed.", "We call.", Measure.COMPLETION, Every.MONTH,
        Drawn.CONTROL, day - timedelta(days=200), None,
    )  # fmt: skip
    cycle = begin_cycle(session, supervisor, vault, plan, {}, now=network.now)
    weekly = MailSchedule(Every.WEEK, 0, 8)
    return {
        "cycle_id": cycle,
        "mark_id": mark_change(session, supervisor, vault, cycle, day, "Begun", now=network.now),
        "note_id": pin_note(
            session, supervisor, vault, "/supervision", "overview.months", {}, "Closed in May.",
            now=network.now,
        ),
        "link_id": save_link(
            session, supervisor, vault, "Mine", "/supervision", weekly, now=network.now
        ),
    }  # fmt: skip
