"""The directories of partners that are pulled, and who decides what a field of a source says."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.feeds import KIND_LABEL
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.source_rules import MEANING, ruled_fields
from referral_hub.schemas.import_forms import DropRuleForm, FeedForm, SourceRuleForm
from referral_hub.use_cases.feeds import (
    add_feed,
    drop_source_rule,
    list_feeds,
    list_sources,
    pause_feed,
    resume_feed,
    run_feed,
    set_source_rule,
    show_feed,
    show_source,
)
from referral_hub.web.guards import needs, proved, signed_in
from referral_hub.web.hub import actor, hub, now, session
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("feeds", __name__, url_prefix="/network")
FEEDS = "/network/feeds"
SOURCES = "/network/sources"


@blueprint.get("/feeds")
@signed_in
def feeds() -> str:
    """All feeds."""
    return render_template("network/feeds.html", feeds=list_feeds(session(), actor()))


@blueprint.route("/feeds/add", methods=["GET", "POST"])
@proved
@needs(Permission.FEED_MANAGE)
def add() -> Answer:
    """Begin to pull a directory."""
    require(actor(), Permission.FEED_MANAGE)

    def act(values: Values) -> None:
        allow = hub().settings.outgoing_allow
        add_feed(
            session(), actor(), values["name"], values["url"], values["kind"],
            values["every_hours"], allow, now=now(),
        )  # fmt: skip

    def page(sent: Submitted) -> str:
        return render_template(
            "network/feed_add.html",
            errors=sent.faults,
            form=request.form,
            kinds={kind.value: label for kind, label in KIND_LABEL.items()},
        )

    done = "The directory is added and will be pulled in a moment."
    return form_page(FeedForm(), act, lambda: saved(done, FEEDS), page)


@blueprint.get("/feeds/<uuid:feed_id>")
@signed_in
def feed(feed_id: UUID) -> str:
    """A feed with its last report."""
    found = show_feed(session(), actor(), feed_id)
    return render_template("network/feed.html", feed=found, kinds=KIND_LABEL)


@blueprint.post("/feeds/<uuid:feed_id>/run")
@proved
@needs(Permission.FEED_MANAGE)
def run(feed_id: UUID) -> Answer:
    """Pull it at once."""
    accept = request.form.get("accept_gone") == "true"
    run_feed(session(), actor(), feed_id, accept_gone=accept, now=now())
    return saved("It will be pulled in a moment.", f"{FEEDS}/{feed_id}")


@blueprint.post("/feeds/<uuid:feed_id>/pause")
@proved
@needs(Permission.FEED_MANAGE)
def pause(feed_id: UUID) -> Answer:
    """Pull it no more for now."""
    pause_feed(session(), actor(), feed_id, now=now())
    return saved("It is pulled no more for now.", f"{FEEDS}/{feed_id}")


@blueprint.post("/feeds/<uuid:feed_id>/resume")
@proved
@needs(Permission.FEED_MANAGE)
def resume(feed_id: UUID) -> Answer:
    """Go on to pull it."""
    resume_feed(session(), actor(), feed_id, now=now())
    return saved("It will be pulled in a moment.", f"{FEEDS}/{feed_id}")


@blueprint.get("/sources")
@signed_in
def sources() -> str:
    """All sources."""
    return render_template("network/sources.html", sources=list_sources(session(), actor()))


@blueprint.route("/sources/<int:source_id>", methods=["GET", "POST"])
@proved
@needs(Permission.FEED_MANAGE)
def source(source_id: int) -> Answer:
    """Who decides the fields of a source."""
    show_source(session(), actor(), source_id)

    def act(values: Values) -> None:
        name, wins = values["field"], values["wins"]
        set_source_rule(session(), actor(), source_id, name, wins, now=now())

    return form_page(
        SourceRuleForm(),
        act,
        lambda: saved("It is set.", f"{SOURCES}/{source_id}"),
        lambda sent: _source_page(source_id, sent),
    )


@blueprint.post("/sources/<int:source_id>/drop")
@proved
@needs(Permission.FEED_MANAGE)
def drop(source_id: int) -> Answer:
    """Let a field be decided as all others are."""

    def act(values: Values) -> None:
        drop_source_rule(session(), actor(), source_id, values["field"], now=now())

    return form_page(
        DropRuleForm(),
        act,
        lambda: saved("It is gone.", f"{SOURCES}/{source_id}"),
        lambda sent: _source_page(source_id, sent),
    )


def _source_page(source_id: int, sent: Submitted) -> str:
    return render_template(
        "network/source.html", source=show_source(session(), actor(), source_id),
        errors=sent.faults, form=request.form, meaning=MEANING, fields=ruled_fields(),
        choices={wins.value: words for wins, words in MEANING.items()},
    )  # fmt: skip
