"""Figures of what a test lets happen, as the worker counts them."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.reading import FigureColumns
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.rules.actor import System
from referral_hub.use_cases.keep_figures import count_figures
from tests.delivery_world import hand_on
from tests.fakes import FakeGazetteer


def counted(session: Session, folder: Path, now: datetime) -> FigureColumns:
    """The figures of all that happened until now."""
    hand_on(session, now)
    writer = FigureWriter(FigureFolder(folder))
    while count_figures(session, System(), writer, FakeGazetteer(), now=now):  # type: ignore[arg-type]
        pass
    return FigureColumns(FigureFolder(folder))
