"""Referrals of a year between two agencies, counted: what each figure is of them is known."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from referral_hub.rules.actor import System
from referral_hub.use_cases.hand_on_events import hand_on_events
from referral_hub.web.hub import EXTENSION
from tests.counted_figures import count_all
from tests.referral_acts import Played, a_draft, in_status
from tests.referral_world import World, a_world

LONG_AGO, LATELY = timedelta(days=120), timedelta(days=3)
OLD = ("completed", "completed", "closed_unmet", "declined", "withdrawn", "accepted", "voided")
"""Sent long enough ago: one of seven was an error, and one the client stopped. Of the other five
two were completed, and one still can be; four were accepted."""
NEW = ("sent", "accepted")
"""Too young to tell. One draft is in no figure."""


@dataclass(frozen=True)
class FigureWorld:
    """The agencies, and their referrals by status."""

    app: Flask
    session: Session
    world: World
    old: tuple[Played, ...]
    new: tuple[Played, ...]

    def count(self) -> None:
        """Count what happened since."""
        while hand_on_events(self.session, System("worker"), now=datetime.now(UTC)):
            pass
        count_all(self.app, self.session)


def a_figure_world(app: Flask, session: Session) -> FigureWorld:
    """Nine referrals that were sent, and a draft."""
    vault, now = app.extensions[EXTENSION].vault, datetime.now(UTC)
    world = a_world(session, vault, now - timedelta(days=200))
    old = tuple(
        in_status(session, each, world=world, vault=vault, now=now - LONG_AGO) for each in OLD
    )
    new = tuple(
        in_status(session, each, world=world, vault=vault, now=now - LATELY) for each in NEW
    )
    a_draft(session, world=world, vault=vault, now=now - LATELY)
    found = FigureWorld(app, session, world, old, new)
    found.count()
    return found
