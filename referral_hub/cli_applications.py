"""`referral-hub app` and `referral-hub signing-keys`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from referral_hub.app import create_app
from referral_hub.auth.signing_keys import rotate_signing_keys
from referral_hub.extensions import db
from referral_hub.rules.actor import System
from referral_hub.rules.applications import (
    SIGNING_ALGORITHMS,
    ClientAuthentication,
    GrantType,
)
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.registration import Registration
from referral_hub.rules.scopes import scopes_of
from referral_hub.use_cases.applications import (
    agency_for_applications,
    application_with_client_id,
    list_applications,
    register_application,
    revoke_application,
)
from referral_hub.web.hub import EXTENSION
from referral_hub.web.registration_input import read_keys

OPERATOR = System("operator")
GRANTS = click.Choice([one.value for one in GrantType])


@click.group("app")
def app_commands() -> None:
    """Look after applications of partner systems (OAuth)."""


@app_commands.command("create")
@click.option("--agency", required=True, help="name of the partner agency that owns it")
@click.option("--name", required=True, help="as people know it")
@click.option("--purpose", default="", help="what people read before they let it in")
@click.option("--scope", "scopes", multiple=True, required=True, help="repeatable, or with blanks")
@click.option("--redirect-uri", "redirect_uris", multiple=True, help="repeatable")
@click.option("--logout-uri", "logout_uris", multiple=True, help="repeatable")
@click.option(
    "--auth", "authentication", default=ClientAuthentication.PRIVATE_KEY_JWT.value,
    type=click.Choice([one.value for one in ClientAuthentication]), show_default=True,
)  # fmt: skip
@click.option("--jwks", "jwks_path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--jwks-uri", help="https address of its public keys, instead of --jwks")
@click.option("--grant", "grants", multiple=True, type=GRANTS,
              help="repeatable; by default authorization_code and refresh_token, or "
              "client_credentials where there is no --redirect-uri")  # fmt: skip
@click.option("--id-token-alg", type=click.Choice(SIGNING_ALGORITHMS), default="RS256")
@click.option("--json", "as_json", is_flag=True)
def create(
    agency: str, name: str, purpose: str, scopes: tuple[str, ...],
    redirect_uris: tuple[str, ...], logout_uris: tuple[str, ...], authentication: str,
    jwks_path: Path | None, jwks_uri: str | None, grants: tuple[str, ...], id_token_alg: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Register an application, approved at once; its secret is printed this once."""
    wanted = Registration(
        name=name,
        purpose=purpose,
        authentication=authentication,
        grants=frozenset(grants or _usual_grants(redirect_uris)),
        scopes=scopes_of(" ".join(scopes)),
        redirect_uris=redirect_uris,
        logout_uris=logout_uris,
        jwks=read_keys(jwks_path.read_text(encoding="utf-8")) if jwks_path else None,
        jwks_uri=jwks_uri,
        id_token_algorithm=id_token_alg,
    )
    with create_app().app_context():
        agency_id = agency_for_applications(db.session(), OPERATOR, agency)
        try:
            done = register_application(db.session(), OPERATOR, agency_id, wanted, now=_now())
        except InvalidInput as error:
            told = " ".join(f"{field}: {reason}" for field, reason in error.fields.items())
            raise InvalidInput(f"{error.message} {told}", error.fields) from error
    facts = {"client_id": done.application.client_id}
    if done.secret:
        facts["client_secret"] = done.secret
    if as_json:
        click.echo(json.dumps(facts))
        return
    for label, value in facts.items():
        click.echo(f"{label}: {value}")
    if done.secret:
        click.echo("The secret is shown only now.")


@app_commands.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_command(as_json: bool) -> None:
    """List the applications."""
    with create_app().app_context():
        found = list_applications(db.session(), OPERATOR)
    if as_json:
        rows = [
            {
                "client_id": one.client_id,
                "name": one.name,
                "agency": one.agency,
                "status": one.status,
                "scopes": list(one.scopes),
            }
            for one in found
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    for one in found:
        click.echo(f"{one.client_id}  {one.status:8}  {one.name} ({one.agency})")


@app_commands.command("revoke")
@click.argument("client_id")
def revoke(client_id: str) -> None:
    """End an application: all of its tokens count no more."""
    with create_app().app_context():
        found = application_with_client_id(db.session(), OPERATOR, client_id)
        revoke_application(db.session(), OPERATOR, found, now=_now())
    click.echo("The application has ended.")


@click.group("signing-keys")
def signing_key_commands() -> None:
    """Look after the keys that sign id tokens."""


@signing_key_commands.command("rotate")
def rotate() -> None:
    """Make new keys; the old ones stay published for a day, so that id tokens can be checked."""
    app = create_app()
    with app.app_context():
        vault = app.extensions[EXTENSION].vault
        names = rotate_signing_keys(db.session(), OPERATOR, vault, now=_now())
    for name in names:
        click.echo(f"New key: {name}")


def _usual_grants(redirect_uris: tuple[str, ...]) -> tuple[GrantType, ...]:
    if redirect_uris:
        return GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN
    return (GrantType.CLIENT_CREDENTIALS,)


def _now() -> datetime:
    return datetime.now(UTC)
