"""Figures of a small network, counted as a worker does."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.reading import FigureColumns
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.rules.actor import System
from referral_hub.rules.figure_query import FigureQuery
from referral_hub.rules.places import Place, PlaceKind, PlaceNotFound
from referral_hub.use_cases.hand_on_events import hand_on_events
from referral_hub.use_cases.keep_figures import count_figures

WORKER = System("worker")
WIDE = FigureQuery(date(2026, 1, 1), date(2027, 12, 31))


class OneCounty:
    """All ZIP codes lie in one county."""

    def find(self, text: str) -> Place:
        """Cook County, or PlaceNotFound for no text."""
        if not text:
            raise PlaceNotFound(text)
        return Place(text, PlaceKind.ZIP, 41.9, -87.6, zip=text, county="IL:cook county")


class Counted:
    """The figures of a database, in a folder."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, FigureFolder(folder)
        self.writer, self.columns = FigureWriter(self.folder), FigureColumns(self.folder)

    def count(self, now: datetime) -> int:
        """Hand on what waits and count it; returns how many referrals changed."""
        while hand_on_events(self.session, WORKER, now=now):
            pass
        return count_figures(self.session, WORKER, self.writer, OneCounty(), now=now)

    def view(self, as_of: datetime | None, now: datetime) -> Any:
        """All referrals as of a time."""
        return self.columns.view(as_of, now)


def later(now: datetime, **span: float) -> datetime:
    """A time after `now`."""
    return now + timedelta(**span)
