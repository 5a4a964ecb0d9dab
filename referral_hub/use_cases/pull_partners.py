"""Pulling the directories of partners: lease one that is due, read it, load it, say what came.

Reading happens outside of any transaction; loading and the note of it are one. What a partner gets
wrong changes nothing.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from referral_hub.formats.detect import Format, detect_format
from referral_hub.formats.errors import FormatError
from referral_hub.formats.packages import refuse_larger
from referral_hub.formats.read import read_directory
from referral_hub.formats.records import Problem
from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.partner_api import PartnerApi, Version
from referral_hub.models import PartnerFeed, Service, Source
from referral_hub.rules.actor import Actor
from referral_hub.rules.audit import Outcome
from referral_hub.rules.errors import HubError, ImportFailed
from referral_hub.rules.feeds import (
    LEASE,
    MOST_UNPACKED,
    OVERLAP,
    TELL_AFTER,
    FeedKind,
    is_whole_due,
    next_reading,
    next_try,
    source_of,
    too_many_gone,
)
from referral_hub.rules.identifiers import record_uuid
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.importing.carrying_out import ImportOptions, carry_out
from referral_hub.use_cases.importing.placing import Gazetteer
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.memberships import stewards_of
from referral_hub.use_cases.steps.quality_facts import findable
from referral_hub.use_cases.transaction import let_go, transaction

log = logging.getLogger(__name__)
BROKEN_OFF = "The last reading broke off, or took longer than an hour."
MOST_TOLD = 100
"""Problems that a report keeps one by one; all are counted."""
Partner = Callable[[str], PartnerApi]
"""Begins to read the directory at an address."""


class _Lost(Exception):
    """Another worker has the feed by now, or somebody removed it."""


@dataclass(frozen=True, slots=True)
class _Leased:
    """A feed as this worker took it."""

    id: UUID
    name: str
    url: str
    kind: FeedKind
    since: datetime | None
    version: Version
    accepts_gone: bool
    until: datetime


def pull_partners(
    session: Session,
    actor: Actor,
    vault: Vault,
    partner: Partner,
    gazetteer: Gazetteer,
    *,
    now: datetime,
) -> int:
    """Pull the feed that is due longest; returns how many there were, 0 or 1."""
    require(actor, Permission.FEED_PULL)
    nothing_is_due = session.scalars(_due(now)).first() is None
    let_go(session)
    if nothing_is_due:
        return 0
    with transaction(session):
        feed = session.scalars(_due(now).with_for_update(skip_locked=True)).first()
        if feed is not None and feed.leased_until is not None:
            _count_failure(session, vault, feed, BROKEN_OFF, now)
        leased = _lease(feed, now) if feed is not None else None
    if leased is None:
        return 0
    pull = _Pull(session, actor, vault, gazetteer, leased, now)
    try:
        pull.carry_out(partner(leased.url))
    except _Lost:
        log.warning("The feed %s was taken by another worker", leased.id)
    except (FormatError, HubError) as error:
        pull.fail(error.message if isinstance(error, HubError) else str(error))
    return 1


def _due(now: datetime) -> Select[PartnerFeed]:
    return (
        select(PartnerFeed)
        .where(
            PartnerFeed.paused_at.is_(None),
            PartnerFeed.due_at <= now,
            or_(PartnerFeed.leased_until.is_(None), PartnerFeed.leased_until <= now),
        )
        .order_by(PartnerFeed.due_at, PartnerFeed.id)
        .limit(1)
    )


def _lease(feed: PartnerFeed, now: datetime) -> _Leased:
    feed.leased_until, feed.tried_at = now + LEASE, now
    whole = feed.read_at is None or is_whole_due(feed.whole_at, now)
    return _Leased(
        feed.id,
        feed.name,
        feed.url,
        FeedKind(feed.kind),
        None if whole or feed.read_at is None else feed.read_at - OVERLAP,
        Version(feed.etag, feed.modified),
        feed.accepts_gone,
        now + LEASE,
    )


def _count_failure(
    session: Session, vault: Vault, feed: PartnerFeed, message: str, now: datetime
) -> None:
    """Keep what went wrong, and tell stewards when it goes on."""
    feed.failures += 1
    feed.message = message
    if feed.failures == TELL_AFTER:
        for address in stewards_of(session, vault):
            send_mail(
                session, vault, address, "feed_failing", name=feed.name,
                reason=message, link=f"/network/feeds/{feed.id}", now=now,
            )  # fmt: skip


@dataclass(slots=True)
class _Pull:
    session: Session
    actor: Actor
    vault: Vault
    gazetteer: Gazetteer
    leased: _Leased
    now: datetime
    told: list[dict[str, Any]] = field(default_factory=list)
    version: Version = field(default_factory=Version)
    found_before: int = 0
    report: ImportReport = field(init=False)

    def __post_init__(self) -> None:
        source = source_of(self.leased.name)
        self.report = ImportReport(source, "", dry_run=False, on_problem=self._problem)

    @property
    def is_whole(self) -> bool:
        """Whether everything is read."""
        return self.leased.kind is FeedKind.FILE or self.leased.since is None

    def carry_out(self, partner: PartnerApi) -> None:
        """Read the feed and load it."""
        with TemporaryDirectory(prefix="referral-hub-feed-") as folder:
            path = Path(folder) / self._file_name()
            gone = self._read(partner, path)
            if gone is None:
                with transaction(self.session):
                    self._succeed("Nothing has changed there.")
                return
            refuse_larger(path, MOST_UNPACKED)
            chosen = detect_format(path) if self.leased.kind is FeedKind.FILE else Format.HSDS_JSON
            self.report.format = str(chosen)
            is_empty = path.stat().st_size == 0
            if is_empty and not gone and not self.is_whole:
                with transaction(self.session):
                    self._succeed("Nothing has changed there.")
                return
            if is_empty and self.is_whole:
                raise ImportFailed("The partner sent nothing at all. Nothing was changed.")
            records = iter(()) if is_empty else read_directory(path, chosen)
            self.found_before = self._found()
            let_go(self.session)
            options = ImportOptions(
                source=self.report.source,
                complete=self.is_whole,
                gone=gone,
                finish=self._loaded,
            )
            carry_out(
                self.session, self.actor, records, options,
                gazetteer=self.gazetteer, vault=self.vault, report=self.report, now=self.now,
            )  # fmt: skip

    def fail(self, message: str) -> None:
        """Say why it failed, and when it is tried again."""
        with transaction(self.session):
            try:
                feed = self._own()
            except _Lost:
                return
            _count_failure(self.session, self.vault, feed, message, self.now)
            feed.leased_until = None
            feed.due_at = next_try(feed.failures, self.now)
            if self.told:
                feed.report = self._counts()
            add_audit(
                self.session, self.actor, "feed:fail", feed, outcome=Outcome.REFUSED, now=self.now
            )

    def _read(self, partner: PartnerApi, path: Path) -> tuple[tuple[str, str], ...] | None:
        """Read into a file; returns what is gone besides, or None where nothing changed."""
        if self.leased.kind is FeedKind.FILE:
            version = partner.file(path, self.leased.version)
            self.version = version or self.leased.version
            return None if version is None else ()
        if self.leased.since is None:
            partner.organizations(path)
            return ()
        partner.changed_services(path, self.leased.since)
        return tuple(
            (table, record_uuid(self.report.source, table, raw).hex)
            for table, raw in partner.gone(self.leased.since)
        )

    def _file_name(self) -> str:
        if self.leased.kind is FeedKind.API:
            return "partner.jsonl"
        last = self.leased.url.partition("?")[0].rpartition("/")[2]
        plain = "".join(sign for sign in last if sign.isalnum() or sign in "._-")
        return plain.lstrip(".")[-80:] or "partner"

    def _loaded(self) -> None:
        gone = self.found_before - self._found(Service.created_at < self.now)
        if not self.leased.accepts_gone and too_many_gone(gone, self.found_before):
            raise ImportFailed(
                f"It would have taken away {gone:,} of {self.found_before:,} services, which is "
                "more likely a fault there. Ask the partner; if it is right, accept it once."
            )
        self._succeed(None)

    def _found(self, *conditions: ColumnElement[bool]) -> int:
        """How many services of the source people can find."""
        source = select(Source.id).where(Source.name == self.report.source).scalar_subquery()
        asked = (Service.source_id == source, *findable(), *conditions)
        return self.session.scalar(select(func.count()).select_from(Service).where(*asked)) or 0

    def _succeed(self, message: str | None) -> None:
        feed = self._own()
        feed.leased_until, feed.failures, feed.message = None, 0, message
        feed.accepts_gone = False
        feed.read_at = self.now
        if self.is_whole:
            feed.whole_at = self.now
        feed.etag, feed.modified = self.version.etag, self.version.modified
        feed.due_at = next_reading(self.now, feed.every_hours)
        feed.report = self._counts()
        add_audit(self.session, self.actor, "feed:pull", feed, now=self.now)

    def _own(self) -> PartnerFeed:
        feed = self.session.get(PartnerFeed, self.leased.id, with_for_update=True)
        if feed is None or feed.leased_until != self.leased.until:
            raise _Lost
        return feed

    def _counts(self) -> dict[str, Any]:
        return {
            "whole": self.is_whole,
            "read": self.report.read,
            "changes": [
                [table, str(change), number]
                for (table, change), number in sorted(self.report.changes.items())
            ],
            "problems": sum(self.report.problems.values()),
            "told": self.told,
        }

    def _problem(self, problem: Problem) -> None:
        if len(self.told) < MOST_TOLD:
            self.told.append(
                {
                    "severity": str(problem.severity), "table": problem.table,
                    "record": problem.record, "field": problem.field, "reason": problem.reason,
                }
            )  # fmt: skip
