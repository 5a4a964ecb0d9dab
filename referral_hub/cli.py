"""The `referral-hub` command."""

import json
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from referral_hub.app import create_app
from referral_hub.auth.signing_keys import ensure_signing_keys
from referral_hub.cli_applications import app_commands, signing_key_commands
from referral_hub.cli_network import agency, user
from referral_hub.cli_operation import audit, figures, keys, mail
from referral_hub.cli_referrals import referral
from referral_hub.config import LOOPBACK, describe_settings, read_settings
from referral_hub.console import ProblemLog, Progress, print_change, print_report
from referral_hub.extensions import db
from referral_hub.formats.detect import Format
from referral_hub.formats.errors import FormatError
from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.gateways.gazetteer import Gazetteer
from referral_hub.gateways.search import IndexBusy, SearchGateway
from referral_hub.models import SearchCount, Service, Source
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.capacity import CapacityState, CapacityWord
from referral_hub.rules.corrections import ListingField
from referral_hub.rules.errors import HubError
from referral_hub.rules.hsds import TABLES
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import ALLOWED, MEANING
from referral_hub.server import serve as run_server
from referral_hub.use_cases.corrections import propose_correction
from referral_hub.use_cases.count_searches import count_searches
from referral_hub.use_cases.edit_listing import save_section, show_section
from referral_hub.use_cases.export_directory import ROOTS, export_csv, export_json
from referral_hub.use_cases.import_directory import (
    ImportOptions,
    import_directory,
    import_documents,
)
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.keep_figures import recount_figures
from referral_hub.use_cases.keep_listings import ask_about_listings
from referral_hub.use_cases.load_demo_people import load_demo_people
from referral_hub.use_cases.load_vocabulary import load_vocabulary
from referral_hub.use_cases.maintain_index import catch_up_index, rebuild_index, verify_index
from referral_hub.use_cases.protect_location import protect_location, seal_protected
from referral_hub.use_cases.publish_figures import publish_figures
from referral_hub.use_cases.record_capacity import record_capacity
from referral_hub.web.hub import EXTENSION, Hub
from referral_hub.worker import Worker
from seed.casework.load import REFERRALS, load_casework
from seed.demo_county import COUNTY_SOURCE, county_documents
from seed.demo_network import (
    demo_capacities,
    demo_confidential_locations,
    demo_corrections,
    demo_documents,
    demo_questions,
)
from seed.demo_people import PASSWORD, demo_accounts, demo_agencies, demo_stewards
from seed.demo_searches import demo_searches
from seed.demo_supervision import load_supervision
from seed.generate_large import large_documents

OPERATOR = System("operator")
DEMO_SOURCE = "demo"
COMMON_NAMES = frozenset(table.csv_name.removesuffix(".csv") for table in TABLES.values()) | {
    "csv", "data", "directory", "download", "export", "feed", "hsds", "import", "index", "output",
}  # fmt: skip
"""Names that files of many agencies have: two of them must not be taken for one feed."""
BUSY_HINT = "The running worker brings the search index up to date."


class HubCommand(click.Group):
    """Commands whose named errors are told in one line, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run; an error of a rule or a file is for the person, not a trace."""
        try:
            return super().invoke(ctx)
        except (HubError, FormatError, OSError) as error:
            click.echo(f"Error: {error}", err=True)
        except IndexBusy:
            click.echo("Error: Another process is writing the search index. Try again.", err=True)
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
            hint = "Is the database there and reachable? `referral-hub init` makes its tables."
            click.echo(f"Error: {reason}. {hint}", err=True)
        sys.exit(1)


@click.group(cls=HubCommand)
def main() -> None:
    """Run and look after a referral hub."""


for operation in (audit, figures, keys, mail):
    main.add_command(operation)
main.add_command(app_commands)
main.add_command(signing_key_commands)


@main.command()
def init() -> None:
    """Make the database, bring it up to date, load the taxonomy of needs, and make signing keys."""
    app = create_app()
    with app.app_context():
        _prepare(app)


@main.command()
@click.option("--size", default="demo", help="demo, or a number of services for load tests")
@click.option("--if-empty", is_flag=True, help="do nothing when the directory has services")
@click.option(
    "--referrals",
    default=REFERRALS,
    show_default=True,
    type=click.IntRange(0, REFERRALS),
    help="how many referrals the demo network has",
)
def seed(size: str, if_empty: bool, referrals: int) -> None:
    """Load the fictional demo network, or many generated services, into a database made ready."""
    app = create_app()
    if read_settings(os.environ).mode == "production":
        raise HubError("Seed data is fictional; it loads only with REFERRAL_HUB_MODE=demo.")
    if size != "demo" and not (size.isdecimal() and int(size) > 0):
        raise click.BadParameter("use demo or a whole number", param_hint="--size")
    with app.app_context():
        _prepare(app)
        unfinished = read_settings(os.environ).data_dir / "seeding"
        holds_services = _session().scalar(select(Service.id).limit(1)) is not None
        if if_empty and holds_services and not unfinished.exists():
            click.echo("The directory has services already.")
            _load_demo_network(app, referrals)
            return
        unfinished.touch()
        if size == "demo":
            _import_documents(app, demo_documents(_now().date()), DEMO_SOURCE)
            _import_documents(app, county_documents(), COUNTY_SOURCE)
            _record_demo_facts(app)
            _load_demo_network(app, referrals)
        else:
            _import_documents(app, large_documents(int(size)), f"generated-{size}")
        _index_everything(app)
        unfinished.unlink()


@main.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "format_name", default="auto", help="auto, " + ", ".join(Format))
@click.option("--source", help="name of the feed; by default that of the file")
@click.option("--map", "mapping", multiple=True, help="field=column, for a flat CSV; repeatable")
@click.option("--dry-run", is_flag=True, help="change nothing, say what would change")
@click.option("--report", "report_path", type=click.Path(path_type=Path), help="problems as CSV")
def import_command(
    path: Path,
    format_name: str,
    source: str | None,
    mapping: tuple[str, ...],
    dry_run: bool,
    report_path: Path | None,
) -> None:
    """Import a directory: HSDS JSON or CSV of any version, Ohana CSV, or one flat CSV."""
    options = ImportOptions(
        source=source or _source_name(path),
        format=_format(format_name),
        mapping=_mapping(mapping),
        dry_run=dry_run,
    )
    app = create_app()
    with app.app_context(), ProblemLog(report_path) as log, Progress() as progress:
        report = ImportReport(options.source, "", dry_run)
        report.on_problem = log.add
        report.on_progress = progress.step
        if dry_run:
            report.on_change = print_change
        import_directory(
            _session(),
            OPERATOR,
            path,
            options,
            gazetteer=_gazetteer(app),
            vault=app.extensions[EXTENSION].vault,
            report=report,
            now=_now(),
        )
        progress.close()
        log.summarise()
        print_report(report)
        if not dry_run:
            _catch_up(app)


@main.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--format", "format_name", type=click.Choice(["hsds-json", "hsds-csv"]), default="hsds-json"
)
@click.option("--of", "root", type=click.Choice(ROOTS), default="organization", help="JSON only")
@click.option("--source", help="only records of this source")
def export_command(path: Path, format_name: str, root: str, source: str | None) -> None:
    """Export the directory as HSDS 3.2: one JSON list, or a folder of CSV files."""
    with create_app().app_context():
        if format_name == "hsds-json":
            count = export_json(_session(), OPERATOR, path, root=root, source=source)
        else:
            count = sum(export_csv(_session(), OPERATOR, path, source=source).values())
    click.echo(f"{count:,} records written to {path}.")


@main.command()
def sources() -> None:
    """List the sources of the directory."""
    with create_app().app_context():
        for source in _session().execute(select(Source).order_by(Source.name)).scalars():
            click.echo(
                f"{source.name}  ({source.format}, last import {source.imported_at:%Y-%m-%d})"
            )


main.add_command(user)
main.add_command(agency)
main.add_command(referral)


@main.group()
def index() -> None:
    """Look after the search index."""


@index.command("rebuild")
def index_rebuild() -> None:
    """Build the search index anew; the old one serves until the new one is whole."""
    app = create_app()
    with app.app_context():
        _index_everything(app)


@index.command("catch-up")
def index_catch_up() -> None:
    """Index what has changed and is waiting, or everything when there is no whole index."""
    app = create_app()
    with app.app_context():
        _catch_up(app)


@index.command("verify")
def index_verify() -> None:
    """Compare the search index with the directory; exit status 1 when they differ."""
    app = create_app()
    with app.app_context():
        found = verify_index(_session(), OPERATOR, _search(app), _gazetteer(app), now=_now())
    for label, ids in (
        ("missing", found.missing),
        ("surplus", found.surplus),
        ("stale", found.stale),
    ):
        for document_id in ids:
            click.echo(f"{label}: {document_id}")
    click.echo(
        f"{found.documents:,} documents: {len(found.missing)} missing, {len(found.surplus)} "
        f"surplus, {len(found.stale)} stale, {found.pending} changes waiting."
    )
    sys.exit(0 if found.agrees else 1)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--with-worker", is_flag=True, help="run the background worker as well")
@click.option("--access-log", help="a file, or - for the standard output; without parameters")
def serve(host: str, port: int, workers: int, with_worker: bool, access_log: str | None) -> None:
    """Serve the hub."""
    settings = read_settings(os.environ)
    # Outside production the keys may be those that everybody knows.
    if settings.mode != "production" and host not in LOOPBACK:
        raise HubError(
            f"{settings.mode.capitalize()} mode serves on this machine only. Use --host 127.0.0.1."
        )
    click.echo(f"Referral Hub is on http://{host}:{port}  (Ctrl+C ends it)")
    run_server(create_app, host, port, workers, with_worker=with_worker, access_log=access_log)


@main.command()
@click.option("--once", is_flag=True, help="do what is waiting, then end")
def worker(once: bool) -> None:
    """Run the background worker."""
    app = create_app()
    runner = Worker(app, _search(app), _gazetteer(app))
    if not once:
        runner.run()
        return
    while runner.once():
        pass


@main.command()
def permissions() -> None:
    """Print who may do what."""
    for permission, alternatives in ALLOWED.items():
        names = " or ".join(rule.__name__.replace("_", " ") for rule in alternatives)
        click.echo(f"{permission:22} {MEANING[permission]}: {names}")


@main.command()
@click.option("--json", "as_json", is_flag=True)
def config(as_json: bool) -> None:
    """Print every setting, where it comes from and what it means; secrets are masked."""
    rows = describe_settings(read_settings(os.environ), os.environ)
    if as_json:
        click.echo(json.dumps({name: value for name, value, _, _ in rows}, indent=2))
        return
    for name, value, origin, meaning in rows:
        click.echo(f"{name}={value}\n    {meaning} ({origin})")


def _now() -> datetime:
    return datetime.now(UTC)


def _session() -> Session:
    return db.session()


def _prepare(app: Flask) -> None:
    """Database, taxonomy and geography, ready for use; quick when they are."""
    upgrade()
    count = load_vocabulary(_session(), OPERATOR, now=_now())
    ensure_signing_keys(_session(), OPERATOR, app.extensions[EXTENSION].vault, now=_now())
    _gazetteer(app).county_keys()
    seal_protected(_session(), OPERATOR, app.extensions[EXTENSION].vault)
    _search(app).prepare()
    click.echo(f"The database is ready, with {count} needs in the taxonomy.")


def _search(app: Flask) -> SearchGateway:
    gateway: SearchGateway = app.extensions[EXTENSION].searcher
    return gateway


def _gazetteer(app: Flask) -> Gazetteer:
    found: Gazetteer = app.extensions[EXTENSION].gazetteer
    return found


def _format(name: str) -> Format | None:
    if name == "auto":
        return None
    if name not in set(Format):
        raise click.BadParameter(f"use auto, {', '.join(Format)}", param_hint="--format")
    return Format(name)


def _source_name(path: Path) -> str:
    """The file's name, with its folder's where the name alone says nothing."""
    name = path.resolve().name.removesuffix(path.suffix).strip(".") or path.name
    if name.casefold() in COMMON_NAMES:
        return f"{path.resolve().parent.name}/{name}"
    return name


def _mapping(pairs: tuple[str, ...]) -> dict[str, str] | None:
    for pair in pairs:
        if "=" not in pair:
            raise click.BadParameter("use field=column", param_hint="--map")
    return dict(pair.split("=", 1) for pair in pairs) or None


def _import_documents(app: Flask, documents: Iterable[dict[str, Any]], source: str) -> None:
    with ProblemLog(None) as log, Progress() as progress:
        report = ImportReport(source, "", dry_run=False)
        report.on_problem = log.add
        report.on_progress = progress.step
        import_documents(
            _session(),
            OPERATOR,
            documents,
            ImportOptions(source=source),
            gazetteer=_gazetteer(app),
            vault=app.extensions[EXTENSION].vault,
            report=report,
            now=_now(),
        )
        progress.close()
        log.summarise()
        print_report(report)


def _record_demo_facts(app: Flask) -> None:
    vault = app.extensions[EXTENSION].vault
    for location_id in demo_confidential_locations():
        protect_location(_session(), OPERATOR, location_id, _gazetteer(app), vault, now=_now())
    for fact in demo_capacities():
        record_capacity(
            _session(),
            OPERATOR,
            fact.service_id,
            CapacityWord(CapacityState(fact.state), note=fact.note),
            now=_now() - timedelta(days=fact.days_ago),
        )
    _ask_demo_questions(app)
    for number, (service_id, field, proposed, note) in enumerate(demo_corrections()):
        propose_correction(
            _session(), Anonymous(), service_id, ListingField(field), proposed, note,
            caller=f"demo {number}", now=_now() - timedelta(days=number % 5),
        )  # fmt: skip
    if _session().scalar(select(SearchCount.day).limit(1)) is None:
        count_searches(_session(), OPERATOR, demo_searches(_now().date()))


def _ask_demo_questions(app: Flask) -> None:
    """Write into the listings of demo services what they ask with each referral."""
    vault, gazetteer = app.extensions[EXTENSION].vault, _gazetteer(app)
    for service_id, questions in groupby(demo_questions(), attrgetter("service_id")):
        listing = ListingKey("service", service_id)
        view = show_section(
            _session(), OPERATOR, listing, "questions", gazetteer, vault, now=_now()
        )
        if any(view.texts.values()):
            continue  # a load that broke off has asked already
        texts = {
            f"intake_question.new{number}.{name}": text
            for number, asked in enumerate(questions)
            for name, text in (
                ("text", asked.text), ("answer_kind", asked.kind),
                ("choices", "\n".join(asked.choices)), ("required", "yes" * asked.required),
            )
        }  # fmt: skip
        save_section(
            _session(), OPERATOR, listing, "questions", view.texts, view.texts | texts, view.seen,
            gazetteer, vault, now=_now(),
        )  # fmt: skip


def _load_demo_network(app: Flask, referrals: int) -> None:
    """People with a password that everybody knows, their clients and referrals: only in demo mode,
    over the demo directory."""
    demo = select(Source.id).where(Source.name == DEMO_SOURCE)
    if not app.extensions[EXTENSION].settings.is_demo or _session().scalar(demo) is None:
        return
    hub: Hub = app.extensions[EXTENSION]
    load_demo_people(
        _session(), OPERATOR, demo_agencies(), demo_stewards(), hub.vault, hub.passwords,
        now=_now(),
    )  # fmt: skip
    with Progress() as progress:
        count = load_casework(
            _session(), hub.vault, now=_now(), count=referrals,
            on_day=lambda day: progress.step("Fourteen months of referrals, day", day),
        )  # fmt: skip
    if count:
        click.echo(f"{count:,} referrals, from then to now.")
        load_supervision(_session(), hub.vault, now=_now())
        _count_demo_figures(hub)
    # As if it had come up yesterday, so that the worker's first mail asks it.
    ask_about_listings(_session(), OPERATOR, now=_now() - timedelta(days=1))
    click.echo(f"Accounts of the demo network, all with the password {PASSWORD}:")
    for email, what in demo_accounts():
        click.echo(f"  {email:28} {what}")


def _count_demo_figures(hub: Hub) -> None:
    """So that the first look at supervision finds them; the worker goes on from there."""
    writer = FigureWriter(FigureFolder(hub.settings.figures_dir))
    recount_figures(_session(), OPERATOR, writer, hub.gazetteer, now=_now())
    while publish_figures(_session(), OPERATOR, hub.vault, hub.figures, now=_now()):
        pass  # one quarter at a time


def _index_everything(app: Flask) -> None:
    with Progress() as progress:
        count = rebuild_index(
            _session(),
            OPERATOR,
            _search(app),
            _gazetteer(app),
            now=_now(),
            progress=lambda done: progress.step("Building the search index", done),
        )
    click.echo(f"The search index holds {count:,} documents.")


def _catch_up(app: Flask) -> None:
    try:
        if fault := _search(app).fault():
            click.echo(f"The search index is built anew: {fault}.")
            _index_everything(app)
        else:
            _index_changes(app)
    except IndexBusy:
        click.echo(BUSY_HINT)


def _index_changes(app: Flask) -> None:
    done = 0
    with Progress() as progress:
        while batch := catch_up_index(
            _session(), OPERATOR, _search(app), _gazetteer(app), now=_now()
        ):
            done += batch
            progress.step("Updating the search index", done)
    click.echo(f"{done:,} services brought up to date in the search index.")


if __name__ == "__main__":
    main()
