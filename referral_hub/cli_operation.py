"""`referral-hub audit`, `keys` and `mail`: what an operator looks after."""

import secrets
import sys
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from referral_hub.app import create_app
from referral_hub.console import Progress
from referral_hub.extensions import db
from referral_hub.formats.audit_files import audit_json_lines
from referral_hub.gateways.audit_head import KeptHead, head_text, read_head
from referral_hub.gateways.figures.folder import FigureFolder, FiguresBusy
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.rules.actor import System
from referral_hub.rules.errors import InvalidInput
from referral_hub.use_cases.deliver_mail import mail_state
from referral_hub.use_cases.keep_figures import recount_figures
from referral_hub.use_cases.rotate_keys import rotate_keys
from referral_hub.use_cases.seal_audit import audit_head, verify_audit
from referral_hub.use_cases.search_audit import AuditQuery, export_audit
from referral_hub.web.hub import EXTENSION, Hub

OPERATOR = System("operator")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def audit() -> None:
    """Look after the audit."""


@audit.command("verify")
@click.option(
    "--head", "head_path", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="what `audit head` printed before; by default what the worker kept at its last sealing",
)  # fmt: skip
def audit_verify(head_path: Path | None) -> None:
    """Check every row of the audit; exit status 1 when one is missing or was tampered with."""
    with create_app().app_context():
        settings = _hub().settings
        kept = KeptHead(settings.audit_head_file)
        head, key = read_head(head_path) if head_path else kept.read(), settings.audit_key
        found = verify_audit(_session(), OPERATOR, key, head=head, now=_now())
    for fault in found.faults:
        click.echo(str(fault))
    click.echo(f"{found.checked:,} rows checked, {len(found.faults):,} faults.")
    sys.exit(0 if found.is_whole else 1)


@audit.command("head")
def audit_head_command() -> None:
    """Print the end of the chain as JSON, to be kept outside of the hub."""
    with create_app().app_context():
        head = audit_head(_session(), OPERATOR)
    if head is None:
        raise InvalidInput("Nothing is sealed yet. Is the worker running?")
    click.echo(head_text(head))


@audit.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--since", type=DAY, help="first day, in UTC, such as 2026-11-03")
@click.option("--until", type=DAY, help="last day")
def audit_export(path: Path, since: datetime | None, until: datetime | None) -> None:
    """Write the audit to a file, a JSON object a line, the oldest row first."""
    query = AuditQuery(since=since and since.date(), until=until and until.date())
    count = 0
    with create_app().app_context(), path.open("w", encoding="utf-8") as file:
        for line in audit_json_lines(export_audit(_session(), OPERATOR, query, now=_now())):
            file.write(line)
            count += 1
    click.echo(f"{count:,} rows written to {path}.")


@click.group()
def keys() -> None:
    """Look after the keys that seal personal data."""


@keys.command("new")
def keys_new() -> None:
    """Print a new key, to be put first in REFERRAL_HUB_FIELD_KEYS."""
    name = f"k{_now():%Y%m%d}-{secrets.token_hex(2)}"
    click.echo(f"{name}:{b64encode(secrets.token_bytes(32)).decode()}")


@keys.command("rotate")
def keys_rotate() -> None:
    """Seal everything with the newest key. May be interrupted, and started again."""
    with create_app().app_context(), Progress() as progress:
        done = rotate_keys(
            _session(), OPERATOR, _hub().vault, now=_now(),
            progress=lambda column, count: progress.step(f"Sealing {column}", count),
        )  # fmt: skip
    for column, count in done.unreadable.items():
        click.echo(f"{column}: {count:,} values cannot be opened with the keys at hand.")
    click.echo(f"{done.sealed:,} values sealed with the newest key.")
    if not done.unreadable:
        click.echo("Older keys are no longer needed, except for older backups.")
    sys.exit(1 if done.unreadable else 0)


@click.command()
def mail() -> None:
    """Tell what mail waits, and what was given up; exit status 1 when some was."""
    with create_app().app_context():
        state = mail_state(_session(), OPERATOR)
    since = f", the oldest since {state.oldest:%Y-%m-%d %H:%M} UTC" if state.oldest else ""
    click.echo(f"{state.waiting:,} mails wait{since}; {state.given_up:,} were given up.")
    sys.exit(1 if state.given_up else 0)


@click.group()
def figures() -> None:
    """Look after the figures of referrals."""


@figures.command("recount")
def figures_recount() -> None:
    """Count all referrals anew from their events. What was counted before is shown until then."""
    with create_app().app_context(), Progress() as progress:
        writer = FigureWriter(FigureFolder(_hub().settings.figures_dir))
        try:
            done = recount_figures(
                _session(), OPERATOR, writer, _hub().gazetteer, now=_now(),
                progress=lambda count: progress.step("Counting referrals", count),
            )  # fmt: skip
        except FiguresBusy as error:
            raise InvalidInput(str(error)) from error
    click.echo(f"{done:,} referrals counted.")


def _hub() -> Hub:
    found: Hub = current_app.extensions[EXTENSION]
    return found


def _session() -> Session:
    return db.session()


def _now() -> datetime:
    return datetime.now(UTC)
