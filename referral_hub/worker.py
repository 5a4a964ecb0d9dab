"""What runs beside the web: jobs, each in a thread of its own, that do what was put off.

One job that fails, or takes long, holds up none of the others.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from random import random

from flask import Flask
from sqlalchemy.orm import Session

from referral_hub.extensions import db
from referral_hub.gateways.audit_head import KeptHead
from referral_hub.gateways.figures.folder import FigureFolder, FiguresBusy
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.gateways.gazetteer import Gazetteer
from referral_hub.gateways.mail_templates import MailTemplates
from referral_hub.gateways.mailer import make_mailer
from referral_hub.gateways.outgoing_http import fetch
from referral_hub.gateways.partner_api import PartnerApi
from referral_hub.gateways.search import IndexBusy
from referral_hub.rules.actor import System
from referral_hub.rules.errors import FiguresNotReady
from referral_hub.use_cases.deliver_figure_links import deliver_figure_links
from referral_hub.use_cases.deliver_mail import deliver_mail
from referral_hub.use_cases.deliver_notices import deliver_digests, deliver_notices
from referral_hub.use_cases.deliver_webhooks import Outlet, deliver_webhooks
from referral_hub.use_cases.expire_referrals import keep_time
from referral_hub.use_cases.find_duplicates import find_duplicates
from referral_hub.use_cases.forget_expired import forget_expired
from referral_hub.use_cases.hand_on_events import hand_on_events
from referral_hub.use_cases.keep_caseloads import keep_caseloads
from referral_hub.use_cases.keep_figures import count_figures
from referral_hub.use_cases.keep_listings import (
    ask_about_listings,
    let_capacities_lapse,
    tell_of_asks,
)
from referral_hub.use_cases.maintain_index import (
    Index,
    catch_up_index,
    expect_new_day,
    rebuild_index,
)
from referral_hub.use_cases.publish_figures import publish_figures
from referral_hub.use_cases.pull_partners import pull_partners
from referral_hub.use_cases.run_listing_imports import run_listing_imports
from referral_hub.use_cases.seal_audit import seal_audit
from referral_hub.web.hub import EXTENSION, Hub

PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
REPAIR_PAUSE_SECONDS = 60.0
SEAL_SECONDS = 1.0
FORGET_SECONDS = 600.0
TIME_SECONDS = 5.0
DUPLICATES_SECONDS = 10.0
FIGURES_SECONDS = 5.0
PUBLISH_SECONDS = 60.0
NOTICE_SECONDS = 1.0
DIGEST_SECONDS = 30.0
LISTINGS_SECONDS = 60.0
CASELOADS_SECONDS = 300.0
WEBHOOK_JOBS = 4
"""A receiver that takes long holds up no more than one of these."""
WORKER = System("worker")
log = logging.getLogger(__name__)

Act = Callable[[Session, datetime], int]
"""Does a portion of what waits and returns how much; 0 when nothing waits."""


@dataclass(slots=True)
class Job:
    """Something to do again and again. `pause` is in seconds, while nothing waits."""

    name: str
    act: Act
    pause: float = PAUSE_SECONDS

    def run(self, app: Flask, stopping: threading.Event) -> None:
        """Do it until told to stop. A fault slows the job down and never ends it."""
        pause = self.pause
        while not stopping.is_set():
            try:
                done = self.once(app)
                pause = self.pause
            except Exception:  # whatever it is, it must be told, and tried again
                log.exception("The job %s met a fault and tries again", self.name)
                pause, done = min(max(pause, PAUSE_SECONDS) * 2, LONGEST_PAUSE_SECONDS), 0
            if not done:
                stopping.wait(pause)

    def once(self, app: Flask) -> int:
        """Do a portion; returns how much."""
        with app.app_context():
            session: Session = db.session()
            return self.act(session, datetime.now(UTC))


@dataclass(slots=True)
class IndexWork:
    """Keeps the search index true to the directory, and builds it anew when it cannot be read."""

    index: Index
    gazetteer: Gazetteer
    day: date | None = None
    clock: Callable[[], float] = time.monotonic
    repaired: float | None = None

    def __call__(self, session: Session, now: datetime) -> int:
        """Index what waits; returns how many services."""
        if self._may_repair() and (fault := self.index.fault()):
            return self._repair(session, now, fault)
        if self.day != now.date():
            expect_new_day(session, WORKER, now=now)
            self.day = now.date()
        try:
            return catch_up_index(session, WORKER, self.index, self.gazetteer, now=now)
        except IndexBusy:
            return 0

    def _may_repair(self) -> bool:
        """Not again at once, should building anew not help; whatever happens to the date."""
        return self.repaired is None or self.clock() - self.repaired >= REPAIR_PAUSE_SECONDS

    def _repair(self, session: Session, now: datetime, fault: str) -> int:
        """Build the index anew from the directory; returns how many documents it holds."""
        log.warning("The search index is built anew from the directory: %s", fault)
        try:
            count = rebuild_index(session, WORKER, self.index, self.gazetteer, now=now)
        except IndexBusy:
            return 0
        self.repaired = self.clock()
        log.warning("The search index is built and holds %d documents", count)
        return count


def _figure_jobs(hub: Hub, gazetteer: Gazetteer) -> list[Job]:
    """What counts referrals, and publishes quarters that are over."""
    writer = FigureWriter(FigureFolder(hub.settings.figures_dir))

    def count(session: Session, now: datetime) -> int:
        try:
            return count_figures(session, WORKER, writer, gazetteer, now=now)
        except FiguresBusy:
            return 0

    def publish(session: Session, now: datetime) -> int:
        try:
            return publish_figures(session, WORKER, hub.vault, hub.figures, now=now)
        except FiguresNotReady:
            return 0

    return [
        Job("figures", count, FIGURES_SECONDS),
        Job("publication", publish, PUBLISH_SECONDS),
    ]


def _delivery_jobs(hub: Hub) -> list[Job]:
    """What hands events of referrals on, to people and to partner systems."""
    outlet = Outlet(hub.webhook_sender, hub.settings.public_url)

    def hand_on(session: Session, now: datetime) -> int:
        return hand_on_events(session, WORKER, now=now)

    def tell(session: Session, now: datetime) -> int:
        return deliver_notices(session, WORKER, hub.vault, now=now)

    def digest(session: Session, now: datetime) -> int:
        return deliver_digests(session, WORKER, hub.vault, now=now)

    def link(session: Session, now: datetime) -> int:
        return deliver_figure_links(session, WORKER, hub.vault, now=now)

    def send(session: Session, now: datetime) -> int:
        luck = random()  # noqa: S311 only spreads tries
        return int(deliver_webhooks(session, WORKER, hub.vault, outlet, now=now, luck=luck))

    def freshen(session: Session, now: datetime) -> int:
        done = let_capacities_lapse(session, WORKER, now=now)
        done += ask_about_listings(session, WORKER, now=now)
        return done + tell_of_asks(session, WORKER, hub.vault, now=now)

    return [
        Job("listings", freshen, LISTINGS_SECONDS),
        Job("events", hand_on),
        Job("notices", tell, NOTICE_SECONDS),
        Job("digests", digest, DIGEST_SECONDS),
        Job("links", link, DIGEST_SECONDS),
        *(Job(f"webhooks-{number}", send) for number in range(1, WEBHOOK_JOBS + 1)),
    ]


@dataclass(slots=True)
class Worker:
    """All jobs of a hub."""

    app: Flask
    index: Index
    gazetteer: Gazetteer
    stopping: threading.Event = field(default_factory=threading.Event)
    jobs: list[Job] = field(init=False)

    def __post_init__(self) -> None:
        hub: Hub = self.app.extensions[EXTENSION]
        settings = hub.settings
        mailer = make_mailer(settings.smtp_url, settings.mail_dir, settings.mail_from)
        templates = MailTemplates(
            Path(self.app.root_path) / "templates" / "mail", settings.public_url
        )

        kept_head = KeptHead(settings.audit_head_file)

        def deliver(session: Session, now: datetime) -> int:
            luck = random()  # noqa: S311 only spreads tries
            return int(
                deliver_mail(session, WORKER, hub.vault, templates, mailer, now=now, luck=luck)
            )

        def forget(session: Session, now: datetime) -> int:
            forget_expired(session, WORKER, now=now)
            return 0

        def seal(session: Session, now: datetime) -> int:
            while seal_audit(session, WORKER, settings.audit_key, kept_head):
                pass
            return 0

        def keep(session: Session, now: datetime) -> int:
            return keep_time(session, WORKER, now=now)

        def import_listings(session: Session, now: datetime) -> int:
            return run_listing_imports(session, WORKER, hub.vault, self.gazetteer, now=now)

        allowed = partial(fetch, allow=settings.outgoing_allow)

        def pull(session: Session, now: datetime) -> int:
            return pull_partners(
                session, WORKER, hub.vault, lambda url: PartnerApi(url, allowed),
                self.gazetteer, now=now,
            )  # fmt: skip

        def pair(session: Session, now: datetime) -> int:
            return find_duplicates(session, WORKER, now=now)

        def weigh(session: Session, now: datetime) -> int:
            return keep_caseloads(session, WORKER, now=now)

        self.jobs = [
            Job("index", IndexWork(self.index, self.gazetteer)),
            Job("mail", deliver),
            Job("expiry", forget, FORGET_SECONDS),
            Job("audit", seal, SEAL_SECONDS),
            Job("time", keep, TIME_SECONDS),
            Job("imports", import_listings, NOTICE_SECONDS),
            Job("feeds", pull, TIME_SECONDS),
            Job("duplicates", pair, DUPLICATES_SECONDS),
            *_figure_jobs(hub, self.gazetteer),
            Job("caseloads", weigh, CASELOADS_SECONDS),
            *_delivery_jobs(hub),
        ]

    def run(self) -> None:
        """Work until told to stop."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stopping.set())
        threads = [
            threading.Thread(target=job.run, args=(self.app, self.stopping), name=job.name)
            for job in self.jobs
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def once(self) -> int:
        """Let each job do a portion; returns how many services, mails and times were seen to."""
        return sum(job.once(self.app) for job in self.jobs)
