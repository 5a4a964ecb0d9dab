"""A hub in which there is one of everything, and somebody of each role."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from referral_hub.extensions import db
from referral_hub.gateways.tokens import new_token
from referral_hub.rules.roles import Role
from referral_hub.rules.scopes import Scope
from referral_hub.web.hub import EXTENSION
from tests.counted_figures import count_all
from tests.http.hub_browser import Browser
from tests.http.one_delivery import one_delivery
from tests.http.one_import import one_import
from tests.http.one_improvement import one_improvement
from tests.http.one_supervision import one_supervision
from tests.network import Network

NOBODY, TOKEN_OF_ALL, TOKEN_OF_NONE = "nobody", "application", "application without scope"
PEOPLE = {
    "no role": (),
    "case manager": (Role.CASE_MANAGER,),
    "intake worker": (Role.INTAKE_WORKER,),
    "supervisor": (Role.SUPERVISOR,),
    "administrator": (Role.AGENCY_ADMINISTRATOR,),
}
STEWARD, ELSEWHERE = "steward", "elsewhere"
OLD_PROOF = {f"{name} with old proof": name for name in ("administrator", STEWARD)}
"""Callers who proved who they are too long ago to do what asks for that anew."""
CALLERS = (NOBODY, *PEOPLE, STEWARD, ELSEWHERE, *OLD_PROOF, TOKEN_OF_ALL, TOKEN_OF_NONE)

REDIRECTS = {302, 303}


@dataclass(frozen=True)
class World:
    """A hub in which everything is there once, and how each caller reaches it."""

    app: Flask
    database: Path
    untouched: Path
    ids: dict[str, Any]
    tokens: dict[str, str]
    links: dict[str, str]
    """Secrets of links that mails carry, by the page that takes them."""

    def ask(self, caller: str, rule: Rule, method: str) -> str:
        """What a caller meets at a route, with everything as it was at first."""
        self.restore()
        values = {name: self.value(rule.rule, name) for name in rule.arguments}
        with self.app.test_request_context():
            path = self.app.url_map.bind("localhost").build(rule.endpoint, values, method)
        client = self.app.test_client()
        if caller in (TOKEN_OF_ALL, TOKEN_OF_NONE):
            bearer = {"Authorization": f"Bearer {self.tokens[caller]}"}
            return met(client.open(path, method=method, headers=bearer))
        browser = Browser(client, self.tokens.get(caller, ""))
        if method not in ("GET", "POST"):  # no form does this
            return met(client.open(path, method=method))
        return met(browser.post(path) if method == "POST" else browser.get(path))

    def value(self, rule: str, name: str) -> Any:
        """The id to ask for: for a steward's pages of stewards, those of stewards."""
        return self.ids.get(f"{rule.split('<')[0]}{name}", self.ids.get(name))

    def restore(self) -> None:
        """Undo what the last caller did."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.database.with_name(self.database.name + ending).unlink(missing_ok=True)
        # In place of the file and not into it: whoever still holds the old one keeps that.
        fresh = shutil.copy(self.untouched, self.database.with_name("fresh"))
        Path(fresh).replace(self.database)


def met(answer: TestResponse) -> str:
    """What an answer means for who asked."""
    answer.get_data()
    answer.close()
    where = answer.headers.get("Location", "")
    if answer.status_code == 401:
        return "prove" if "/sign-in/confirm" in answer.get_data(as_text=True) else "sign-in"
    if answer.status_code in REDIRECTS and "/sign-in/confirm" in where:
        return "prove"
    if answer.status_code in REDIRECTS and "/sign-in?" in where:
        return "sign-in"
    assert answer.status_code < 500, answer.get_data(as_text=True)
    return {400: "refused", 403: "no", 404: "not-there"}.get(answer.status_code, "yes")


def one_of_everything(app: Flask, network: Network, sqlite_session: Session, folder: Path) -> World:
    """One agency with one of everything, another one, and somebody of each role."""
    app.extensions[EXTENSION].searcher.rebuild([])
    count_all(app, sqlite_session)
    made = Maker(network, sqlite_session)
    agency, other = network.agency(), network.agency("Elsewhere Aid")
    people = {name: network.person(f"{name} one", agency, *roles) for name, roles in PEOPLE.items()}
    people[STEWARD] = network.person("steward one", None, Role.NETWORK_STEWARD)
    people[ELSEWHERE] = network.person("elsewhere one", other, Role.AGENCY_ADMINISTRATOR)
    owner = people["case manager"].person_id
    second = network.person("second steward", None, Role.NETWORK_STEWARD).person_id
    network.person("another administrator", agency, Role.AGENCY_ADMINISTRATOR)
    twice = [network.organization(name) for name in ("Harbor Kitchen", "Harbor Kitchen Inc.")]
    for kitchen in twice:
        made.own_organization(agency, kitchen)
    team = network.team(agency, "Night team")
    network.part(team, people["supervisor"].person_id, part="supervisor")
    application = network.application(agency)
    invited = new_token()
    provider = made.provider(agency)
    house = network.organization("Harbor House")
    ids: dict[str, Any] = {
        "agency_id": agency,
        "person_id": owner,
        "/network/stewards/person_id": second,
        "team_id": team,
        "part_id": network.part(team, owner),
        "application_id": application,
        "agreement_id": network.agreement(agency, people["administrator"].person_id),
        "invitation_id": made.invitation(agency, [Role.CASE_MANAGER], invited),
        "/network/invitations/invitation_id": made.invitation(None, [Role.NETWORK_STEWARD]),
        "provider_id": provider,
        "grant_id": made.grant(application, owner, agency),
        "identity_id": made.identity(owner, provider),
        "passkey_id": made.passkey(owner),
        "session_id": made.other_session(owner),
        "service_id": made.service(house),
        "pair_id": made.pair(*sorted(twice)),
        "/hsds/organizations/record_id": house,
        "record_id": uuid4(),
        "appointment_id": uuid4(),
        **made.client_with_work(agency, team, owner),
        "name": "no-such-mail",
        "filename": "css/hub.css",
    }
    ids |= made.listings(agency, kitchen)
    client = ids["client_id"]
    ids["/hsds/services/record_id"] = ids["service_id"]
    ids |= made.listing_with_a_correction(kitchen, house)
    ids["consent_id"] = made.consent(client, agency, other)
    ids |= one_import(sqlite_session, network.vault, agency, house, network.long_ago)
    ids |= one_delivery(
        sqlite_session, network.vault, agency, team, owner, ids["service_id"], network.long_ago
    )
    ids |= one_supervision(
        sqlite_session, network.vault, agency, people["supervisor"].person_id, owner,
        ids["referral_id"], network.long_ago,
    )  # fmt: skip
    ids |= one_improvement(network, people["supervisor"])
    tokens = {
        name: network.sign_in(each.person_id, each.agency_id) for name, each in people.items()
    }
    for caller, name in OLD_PROOF.items():
        tokens[caller] = made.old_proof(people[name])
    made.searching_for(tokens["case manager"], client)
    tokens[TOKEN_OF_ALL] = made.access(application, list(Scope))
    tokens[TOKEN_OF_NONE] = made.access(application, [])
    links = {
        "/invitation": invited,
        "/set-password": made.forgotten(owner),
        "/account/profile/confirm": made.new_address(owner),
        **dict.fromkeys(
            ("/v/", "/v/confirm", "/v/capacity"),
            made.listing_link(people["intake worker"].person_id, agency, ids["own_service_id"]),
        ),
    }
    sqlite_session.commit()
    sqlite_session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    sqlite_session.close()
    sqlite_session.get_bind().dispose()  # type: ignore[union-attr]
    with app.app_context():
        db.engine.dispose()
    database = Path(str(sqlite_session.get_bind().url.database))  # type: ignore[union-attr]
    untouched = folder / "untouched.sqlite3"
    shutil.copy(database, untouched)
    return World(app, database, untouched, ids, tokens, links)


def doors(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route with each of its methods, in the order of the list."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method
