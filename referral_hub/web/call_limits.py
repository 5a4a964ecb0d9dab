"""How often one caller may search in a minute, counted in memory: a search costs no write."""

import threading
from collections import Counter
from datetime import datetime, timedelta

from flask import request

from referral_hub.rules.actor import Application, Person, person_label
from referral_hub.rules.network_addresses import customer_network
from referral_hub.use_cases.steps.rates import Rate, too_many, window_start
from referral_hub.web.hub import actor, hub, now

MINUTE = timedelta(minutes=1)


class CallLimit:
    """The counts of this process, which begin anew each minute; a limit of 0 is none.

    Each worker counts for itself, since a write that all share would take longer than a search: a
    caller who meets them all may come to the limit times their number.
    """

    def __init__(self, most: int) -> None:
        self._rate = Rate("calls", most, MINUTE)
        self._start: datetime | None = None
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def spend(self, who: str, now: datetime) -> None:
        """Count a call of somebody. Raises TooManyTries."""
        if not self._rate.tries:
            return
        start = window_start(self._rate, now)
        with self._lock:
            if start != self._start:
                self._start, self._counts = start, Counter()
            self._counts[who] += 1
            count = self._counts[who]
        if count > self._rate.tries:
            raise too_many(self._rate, count, now)


def limit_calls(kind: str) -> None:
    """Count this request. Raises TooManyTries when its caller sends too many of the kind."""
    hub().call_limit.spend(f"{kind} {caller()}", now())


def caller() -> str:
    """An application or a person who is known, else the network that the request comes from."""
    match actor():
        case Application(client_id=client_id):
            return client_id
        case Person(person_id=person_id):
            return person_label(person_id)
    return customer_network(request.remote_addr or "")
