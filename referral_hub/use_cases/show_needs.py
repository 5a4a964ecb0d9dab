"""What became of needs of clients, whichever agencies were asked."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.counting import count_parts
from referral_hub.gateways.figures.needs import (
    NeedRows,
    again,
    first_choice,
    hops,
    met,
    until_acceptance,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import InvalidInput, NotPermitted
from referral_hub.rules.figure_query import FigureQuery, oversight_of
from referral_hub.rules.measures import rate_of
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.use_cases.figure_views import Needs
from referral_hub.use_cases.steps.figure_curves import wait_view
from referral_hub.use_cases.steps.figures import Figures, ask, frame_of
from referral_hub.use_cases.transaction import look

OF_SENDERS = "Needs are those of the clients whom you refer. Ask for no side, or for what you sent."


def show_needs(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    *,
    now: datetime,
) -> Needs:
    """Needs whose first referral was sent in the period, with all their referrals. They are the
    sender's: what an agency received is part of other agencies' needs. Raises NotPermitted for
    whoever oversees the network, InvalidInput where the receiver's side is asked for."""
    require(actor, Permission.FIGURES_READ)
    if oversight_of(actor).is_network:
        raise NotPermitted("What became of needs is told to the agencies that referred them.")
    if query.side is Side.RECEIVER:
        raise InvalidInput("These figures cannot be shown as asked.", {"side": OF_SENDERS})
    with look(session):
        asked = ask(session, actor, figures, replace(query, side=Side.SENDER), now)
        needs = NeedRows.of(asked.view, asked.cohort())
        return Needs(
            frame=replace(frame_of(session, vault, asked), query=query),
            referred=len(needs.first),
            met=rate_of(count_parts(met(needs, asked.terms, or_partly=False))),
            met_or_partly=rate_of(count_parts(met(needs, asked.terms, or_partly=True))),
            first_choice=rate_of(count_parts(first_choice(needs))),
            again=rate_of(count_parts(again(needs))),
            hops=hops(needs),
            days_to_acceptance=wait_view(until_acceptance(needs)),
        )
