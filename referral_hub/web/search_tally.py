"""Counts of searches, kept in memory and written together: a search costs no write."""

import atexit
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from referral_hub.extensions import db
from referral_hub.rules.actor import System
from referral_hub.rules.search_counts import SearchCell
from referral_hub.use_cases.count_searches import count_searches

SECONDS_BETWEEN_WRITES = 10.0
MOST_CELLS = 10_000
log = logging.getLogger(__name__)

Counts = Mapping[SearchCell, int]


class SearchTally:
    """The counts of this process. A process that is killed loses those of the last seconds.

    They are written by a thread of its own, which starts with the first count, and at the end of
    the process. What cannot be written waits for the next time, up to MOST_CELLS cells.
    """

    def __init__(
        self, write: Callable[[Counts], None], seconds: float = SECONDS_BETWEEN_WRITES
    ) -> None:
        self._write = write
        self._seconds = seconds
        self._waiting: Counter[SearchCell] = Counter()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, cells: Iterable[SearchCell]) -> None:
        """Count one search in these cells."""
        with self._lock:
            self._keep(dict.fromkeys(cells, 1))
            if self._thread is None and self._waiting and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="searches", daemon=True)
                self._thread.start()
                atexit.register(self.close)

    def flush(self) -> None:
        """Write what was counted since the last time."""
        with self._lock:
            counts, self._waiting = self._waiting, Counter()
        if not counts:
            return
        try:
            self._write(counts)
        except SQLAlchemyError:
            log.warning("Counts of searches could not be written and wait", exc_info=True)
            with self._lock:
                self._keep(counts)

    def close(self) -> None:
        """Write the rest and end the thread."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
            atexit.unregister(self.close)
        self.flush()

    def _keep(self, counts: Counts) -> None:
        for cell, number in counts.items():
            if cell in self._waiting or len(self._waiting) < MOST_CELLS:
                self._waiting[cell] += number

    def _run(self) -> None:
        while not self._closing.wait(self._seconds):
            self.flush()


def tally_of(app: Flask) -> SearchTally:
    """The tally of an application, written to its database."""

    def write(counts: Counts) -> None:
        with app.app_context():
            count_searches(db.session(), System("searches"), counts)

    return SearchTally(write)
