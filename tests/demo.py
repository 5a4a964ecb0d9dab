"""Directories through the front door, as the command line loads them."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from referral_hub.extensions import db
from referral_hub.rules.actor import System
from referral_hub.use_cases.import_directory import (
    ImportOptions,
    import_directory,
    import_documents,
)
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.load_vocabulary import load_vocabulary
from referral_hub.use_cases.maintain_index import rebuild_index
from referral_hub.web.hub import EXTENSION
from seed.demo_network import demo_documents

OPERATOR = System("test")


def load_demo(app: Flask, now: datetime) -> ImportReport:
    """Load and index the demo network."""
    load_vocabulary(db.session(), OPERATOR, now=now)
    return load_documents(app, demo_documents(now.date()), now)


def load_documents(app: Flask, documents: Iterable[dict[str, Any]], now: datetime) -> ImportReport:
    """Load nested HSDS objects and index them."""
    session: Session = db.session()
    hub = app.extensions[EXTENSION]
    report = import_documents(
        session,
        OPERATOR,
        documents,
        ImportOptions("demo"),
        gazetteer=hub.gazetteer,
        vault=hub.vault,
        report=ImportReport("demo", "", dry_run=False),
        now=now,
    )
    rebuild_index(session, OPERATOR, hub.searcher, hub.gazetteer, now=now)
    return report


def load_files(app: Flask, paths: Iterable[Path], now: datetime) -> None:
    """Import files, each as a source of its own, and index them."""
    session: Session = db.session()
    hub = app.extensions[EXTENSION]
    for path in paths:
        import_directory(
            session,
            OPERATOR,
            path,
            ImportOptions(path.stem),
            gazetteer=hub.gazetteer,
            vault=hub.vault,
            report=ImportReport(path.stem, "", dry_run=False),
            now=now,
        )
    rebuild_index(session, OPERATOR, hub.searcher, hub.gazetteer, now=now)
