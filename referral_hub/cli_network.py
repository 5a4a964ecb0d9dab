"""The commands `referral-hub user` and `referral-hub agency`."""

from datetime import UTC, datetime
from uuid import UUID

import click
from sqlalchemy.orm import Session

from referral_hub.app import create_app
from referral_hub.extensions import db
from referral_hub.rules.actor import System
from referral_hub.rules.agencies import STATUS_LABEL
from referral_hub.rules.errors import HubError
from referral_hub.rules.invitations import FIRST_LINK_LENGTH
from referral_hub.rules.recovery import ResetReason
from referral_hub.rules.roles import AGENCY_ROLES, Role
from referral_hub.use_cases.agencies import FirstAdministrator, add_agency, list_agencies
from referral_hub.use_cases.manage_accounts import change_email, close_account, create_account
from referral_hub.use_cases.reset_second_factor import reset_for_address
from referral_hub.web.hub import EXTENSION, Hub

OPERATOR = System("operator")


@click.group()
def user() -> None:
    """Make, change and close accounts."""


@user.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--agency", "agency_name", help="the agency's name, as `agency list` prints it")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice([str(role) for role in AGENCY_ROLES])
)
@click.option("--steward", is_flag=True, help="a steward of the network, who is of no agency")
def user_create(
    email: str, name: str, agency_name: str | None, roles: tuple[str, ...], steward: bool
) -> None:
    """Make an account, and print a link that sets its password once."""
    if steward == bool(agency_name or roles) or bool(agency_name) != bool(roles):
        raise click.UsageError("Use --steward, or --agency with at least one --role.")
    app = create_app()
    hub: Hub = app.extensions[EXTENSION]
    with app.app_context():
        agency_id = agency_named(agency_name) if agency_name else None
        chosen = {Role.NETWORK_STEWARD} if steward else set(map(Role, roles))
        token = create_account(
            _session(), OPERATOR, name, email, agency_id, chosen, hub.vault, now=_now()
        )
    hours = int(FIRST_LINK_LENGTH.total_seconds() // 3600)
    click.echo(f"Give this link to {email}. It works once, for {hours} hours:")
    click.echo(f"{hub.settings.public_url.rstrip('/')}/set-password#{token}")


@user.command("disable")
@click.argument("email")
def user_disable(email: str) -> None:
    """Close an account: roles, sessions and tokens end now. The history stays."""
    app = create_app()
    with app.app_context():
        close_account(_session(), OPERATOR, email, app.extensions[EXTENSION].vault, now=_now())
    click.echo(f"The account of {email} is closed.")


@user.command("change-email")
@click.argument("old")
@click.argument("new")
def user_change_email(old: str, new: str) -> None:
    """Give an account another e-mail address, or the one back that it had before.

    Sessions and tokens end now, and both addresses are told. First make sure who asks. If a thief
    was in the account, its owner sets a new password by mail, and `reset-second-factor` takes away
    what the thief may have set up.
    """
    app = create_app()
    with app.app_context():
        change_email(_session(), OPERATOR, old, new, app.extensions[EXTENSION].vault, now=_now())
    click.echo(f"The account of {old} has the address {new} now.")


@user.command("reset-second-factor")
@click.argument("email")
@click.option("--reason", required=True, type=click.Choice([str(each) for each in ResetReason]))
def user_reset_second_factor(email: str, reason: str) -> None:
    """Take authenticator app, passkeys and recovery codes from somebody who lost them.

    They are signed out everywhere, told by mail, and sign in with their password alone.
    """
    app = create_app()
    with app.app_context():
        vault = app.extensions[EXTENSION].vault
        reset_for_address(_session(), OPERATOR, email, ResetReason(reason), vault, now=_now())
    click.echo(f"The second step of {email} is reset.")


@click.group()
def agency() -> None:
    """Add and list agencies."""


@agency.command("add")
@click.argument("name")
@click.option("--victim-services", is_flag=True, help="its clients must never be known to others")
@click.option("--admin-name", help="who is invited by mail to look after it")
@click.option("--admin-email")
def agency_add(
    name: str, victim_services: bool, admin_name: str | None, admin_email: str | None
) -> None:
    """Add an agency. Its people can act for it when a steward has approved it."""
    if bool(admin_name) != bool(admin_email):
        raise click.UsageError("Use --admin-name and --admin-email together.")
    first = FirstAdministrator(admin_name, admin_email) if admin_name and admin_email else None
    app = create_app()
    with app.app_context():
        vault = app.extensions[EXTENSION].vault
        add_agency(
            _session(), OPERATOR, name, first, vault, victim_services=victim_services, now=_now()
        )
    click.echo(f"{name} is added. A steward approves it on the page Network.")


@agency.command("list")
def agency_list() -> None:
    """List all agencies with how they take part."""
    with create_app().app_context():
        for line in list_agencies(_session(), OPERATOR, now=_now()):
            agreement = "agreement" if line.agreement_in_force else "no agreement"
            click.echo(
                f"{line.name}  ({STATUS_LABEL[line.status].lower()}, {agreement}, "
                f"{line.people} people)"
            )


def agency_named(name: str) -> UUID:
    """The agency with a name. Raises HubError where there is none."""
    for line in list_agencies(_session(), OPERATOR, now=_now()):
        if line.name.casefold() == name.strip().casefold():
            return line.id
    raise HubError(f"There is no agency {name}. `referral-hub agency list` names them.")


def _session() -> Session:
    return db.session()


def _now() -> datetime:
    return datetime.now(UTC)
