"""The directories of partners that are pulled, and who decides what a field of a source says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from referral_hub.models import PartnerFeed, Source, SourceRule
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.errors import FetchRefused, InvalidInput, NotFound
from referral_hub.rules.feeds import FeedKind
from referral_hub.rules.outgoing import target_of
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.source_rules import SourceWins, ruled_fields
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed, and what came of its last reading."""

    id: UUID
    name: str
    url: str
    kind: FeedKind
    every_hours: int
    due_at: datetime
    tried_at: datetime | None
    read_at: datetime | None
    paused_at: datetime | None
    failures: int
    message: str | None
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source, and how many rules of its own it has."""

    id: int
    name: str
    imported_at: datetime
    rules: int


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with its rules: (table.field, who wins)."""

    id: int
    name: str
    rules: Sequence[tuple[str, SourceWins]]


def list_feeds(session: Session, actor: Actor) -> Sequence[FeedView]:
    """All feeds by name."""
    require(actor, Permission.FEED_MANAGE)
    return [_view(feed) for feed in session.scalars(select(PartnerFeed).order_by(PartnerFeed.name))]


def show_feed(session: Session, actor: Actor, feed_id: UUID) -> FeedView:
    """A feed. Raises NotFound."""
    require(actor, Permission.FEED_MANAGE)
    return _view(_the_feed(session, feed_id))


def add_feed(
    session: Session,
    actor: Actor,
    name: str,
    url: str,
    kind: FeedKind,
    every_hours: int,
    allow: frozenset[str],
    *,
    now: datetime,
) -> UUID:
    """Begin to pull a directory, at once and then every so many hours; returns its id.

    `allow` are servers that may be asked though they are private. Raises InvalidInput.
    """
    require(actor, Permission.FEED_MANAGE)
    address = url.strip().rstrip("/") if kind is FeedKind.API else url.strip()
    try:
        target_of(address, allow)
    except FetchRefused as error:
        raise InvalidInput(error.message, {"url": error.message}) from error
    if kind is FeedKind.API and "?" in address:
        message = "Enter the address at which the API begins, without a question mark."
        raise InvalidInput(message, {"url": message})
    with transaction(session):
        if session.scalar(select(PartnerFeed.id).where(PartnerFeed.name == name)) is not None:
            message = "There is a directory with this name already."
            raise InvalidInput(message, {"name": message})
        feed = PartnerFeed(
            name=name,
            url=address,
            kind=kind,
            every_hours=every_hours,
            due_at=now,
            created_by=actor_label(actor),
            created_at=now,
        )
        add_audit(session, actor, "feed:add", feed, now=now)
        return feed.id


def run_feed(
    session: Session, actor: Actor, feed_id: UUID, *, accept_gone: bool = False, now: datetime
) -> None:
    """Have a feed pulled at once, all of it; `accept_gone` whatever it takes away. Raises
    NotFound."""
    require(actor, Permission.FEED_MANAGE)
    with transaction(session):
        feed = _the_feed(session, feed_id)
        feed.due_at, feed.whole_at, feed.accepts_gone = now, None, accept_gone
        feed.etag = feed.modified = None
        add_audit(session, actor, "feed:run", feed, now=now)


def pause_feed(session: Session, actor: Actor, feed_id: UUID, *, now: datetime) -> None:
    """Pull a feed no more until somebody resumes it; what it brought stays. Raises NotFound."""
    require(actor, Permission.FEED_MANAGE)
    with transaction(session):
        feed = _the_feed(session, feed_id)
        feed.paused_at = now
        add_audit(session, actor, "feed:pause", feed, now=now)


def resume_feed(session: Session, actor: Actor, feed_id: UUID, *, now: datetime) -> None:
    """Go on to pull a feed. Raises NotFound."""
    require(actor, Permission.FEED_MANAGE)
    with transaction(session):
        feed = _the_feed(session, feed_id)
        feed.paused_at, feed.due_at, feed.failures = None, now, 0
        add_audit(session, actor, "feed:resume", feed, now=now)


def list_sources(session: Session, actor: Actor) -> Sequence[SourceLine]:
    """All sources by name."""
    require(actor, Permission.FEED_MANAGE)
    ruled = list(session.scalars(select(SourceRule.source_id)))
    return [
        SourceLine(source.id, source.name, source.imported_at, ruled.count(source.id))
        for source in session.scalars(select(Source).order_by(Source.name))
    ]


def show_source(session: Session, actor: Actor, source_id: int) -> SourceView:
    """A source with its rules. Raises NotFound."""
    require(actor, Permission.FEED_MANAGE)
    source = _the_source(session, source_id)
    rules = session.scalars(
        select(SourceRule)
        .where(SourceRule.source_id == source_id)
        .order_by(SourceRule.table_name, SourceRule.field)
    )
    told = [(f"{rule.table_name}.{rule.field}", SourceWins(rule.wins)) for rule in rules]
    return SourceView(source.id, source.name, told)


def set_source_rule(
    session: Session, actor: Actor, source_id: int, name: str, wins: SourceWins, *, now: datetime
) -> None:
    """Say who decides a field ("table.field") of a source. Raises NotFound and InvalidInput."""
    require(actor, Permission.FEED_MANAGE)
    table, field = _field(name)
    with transaction(session):
        source = _the_source(session, source_id)
        session.merge(
            SourceRule(
                source_id=source_id,
                table_name=table,
                field=field,
                wins=wins,
                decided_by=actor_label(actor),
                decided_at=now,
            )
        )
        detail = f"{source.name}: {name} {wins}"
        add_audit(session, actor, "source:rule", source, detail=detail, now=now)


def drop_source_rule(
    session: Session, actor: Actor, source_id: int, name: str, *, now: datetime
) -> None:
    """Let a field be decided as all others are. Raises NotFound and InvalidInput."""
    require(actor, Permission.FEED_MANAGE)
    table, field = _field(name)
    with transaction(session):
        source = _the_source(session, source_id)
        session.execute(
            delete(SourceRule).where(
                SourceRule.source_id == source_id,
                SourceRule.table_name == table,
                SourceRule.field == field,
            )
        )
        detail = f"{source.name}: {name}"
        add_audit(session, actor, "source:rule", source, detail=detail, now=now)


def _field(name: str) -> tuple[str, str]:
    table, _, field = name.partition(".")
    if field not in ruled_fields().get(table, ()):
        raise InvalidInput("Choose a field.", {"field": "Choose a field from the list."})
    return table, field


def _the_feed(session: Session, feed_id: UUID) -> PartnerFeed:
    feed = session.get(PartnerFeed, feed_id)
    if feed is None:
        raise NotFound(NOTHING_HERE)
    return feed


def _the_source(session: Session, source_id: int) -> Source:
    source = session.get(Source, source_id)
    if source is None:
        raise NotFound(NOTHING_HERE)
    return source


def _view(feed: PartnerFeed) -> FeedView:
    return FeedView(
        feed.id,
        feed.name,
        feed.url,
        FeedKind(feed.kind),
        feed.every_hours,
        feed.due_at,
        feed.tried_at,
        feed.read_at,
        feed.paused_at,
        feed.failures,
        feed.message,
        feed.report,
    )
