"""The loop that does what was put off: index work now, deliveries and timers later."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from referral_hub.extensions import db
from referral_hub.gateways.gazetteer import Gazetteer
from referral_hub.gateways.search import IndexBusy
from referral_hub.rules.actor import System
from referral_hub.rules.errors import HubError
from referral_hub.use_cases.maintain_index import (
    Index,
    catch_up_index,
    expect_new_day,
    rebuild_index,
)

PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
REPAIR_PAUSE_SECONDS = 60.0
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Worker:
    """One worker. Faults of database or index slow it down; they never end it."""

    app: Flask
    index: Index
    gazetteer: Gazetteer
    stopping: threading.Event = field(default_factory=threading.Event)
    day: date | None = None
    clock: Callable[[], float] = time.monotonic
    repaired: float | None = None

    def run(self) -> None:
        """Work until told to stop."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stopping.set())
        pause = PAUSE_SECONDS
        while not self.stopping.is_set():
            try:
                done = self.once()
                pause = PAUSE_SECONDS
            except (SQLAlchemyError, HubError, OSError, ValueError):
                log.exception("The worker met a fault and tries again")
                pause, done = min(pause * 2, LONGEST_PAUSE_SECONDS), 0
            if not done:
                self.stopping.wait(pause)

    def once(self) -> int:
        """One round; returns how many services were indexed."""
        now = datetime.now(UTC)
        with self.app.app_context():
            session: Session = db.session()
            if self._may_repair() and (fault := self.index.fault()):
                return self._repair(session, now, fault)
            if self.day != now.date():
                expect_new_day(session, System("worker"), now=now)
                self.day = now.date()
            try:
                return catch_up_index(
                    session, System("worker"), self.index, self.gazetteer, now=now
                )
            except IndexBusy:
                return 0

    def _may_repair(self) -> bool:
        """Not again at once, should building anew not help; whatever happens to the date."""
        return self.repaired is None or self.clock() - self.repaired >= REPAIR_PAUSE_SECONDS

    def _repair(self, session: Session, now: datetime, fault: str) -> int:
        """Build the index anew from the directory; returns how many documents it holds."""
        log.warning("The search index is built anew from the directory: %s", fault)
        try:
            count = rebuild_index(session, System("worker"), self.index, self.gazetteer, now=now)
        except IndexBusy:
            return 0
        self.repaired = self.clock()
        log.warning("The search index is built and holds %d documents", count)
        return count
