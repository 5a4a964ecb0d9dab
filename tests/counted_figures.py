"""Figures counted into the data folder of a hub, as its worker does."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.orm import Session

from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.rules.actor import System
from referral_hub.use_cases.keep_figures import count_figures
from referral_hub.web.hub import EXTENSION


def count_all(app: Flask, session: Session) -> None:
    """Count all that happened up to now."""
    hub = app.extensions[EXTENSION]
    writer = FigureWriter(FigureFolder(hub.settings.figures_dir))
    session.rollback()
    while count_figures(session, System("worker"), writer, hub.gazetteer, now=datetime.now(UTC)):
        pass
    session.rollback()
