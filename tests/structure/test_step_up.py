"""Whether somebody must prove anew who they are is said at the route, and nowhere else."""

import ast

from flask import Flask

from referral_hub.web.guards import SAFE, Access, access_of
from tests.structure.test_layers import ROOT, sources

WITHOUT_A_FRESH_PROOF = {
    "account.end": "ends one's own session",
    "account.end_others": "ends one's own sessions",
    "account.switch_agency": "gives nothing that one does not have",
    "agency_declines.declines": "says who decides on declines; nothing is decided by it",
    "agency_teams.rename": "changes a name",
    "agency_teams.teams": "adds a team to which nobody belongs",
    "agency_time.working_time": "says when an agency works",
    "applications.withdraw": "takes back what one gave",
    "calendar.end": "ends what shows one's own times",
    "confidential.keep": "hides what everybody sees: it must not wait",
    "confidential.look_up": "changes nothing; every look is in the audit, with its reason",
    "invitation.join": "the link in the mail is the proof",
    "listing_import.columns": "changes no listing yet",
    "listing_import.drop": "deletes what was only sent",
    "listing_import.home": "changes no listing yet",
    "passkeys.confirm": "is how one proves it",
    "passkeys.rename": "changes a name",
    "profile.confirm": "the link in the mail is the proof, and the wish needed another",
    "webhooks.disable": "stops what another one began with a proof",
    "webhooks.enable": "goes on with what another one began with a proof",
    "webhooks.replay": "sends again what was sent",
    "webhooks.replay_one": "the same",
    "webhooks.test": "sends nothing about anybody",
    "sign_in.enter_confirm": "is how one proves it",
    "sign_in.sign_out": "ends one's own session",
}
DAILY_WORK = frozenset(
    {
        "appointments", "capacity", "check_ins", "client_case", "client_import", "client_notes",
        "client_plan", "client_search", "clients", "consents", "corrections",
        "decline_proposals", "declines", "figure_links", "figure_notes", "improvements",
        "inbox", "listing_edit", "listings", "notices", "own_caseload", "refer", "referrals",
        "share_more", "team_caseloads",
    }
)  # fmt: skip
"""Blueprints of what people do all day with clients, listings and figures: to prove anew each time
would stop the work, and every act is in the audit."""


def test_whatever_changes_something_asks_for_a_fresh_proof_but_for_these(app: Flask) -> None:
    without = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) - SAFE
        and access_of(rule.endpoint, app.view_functions[rule.endpoint]) is Access.SIGNED_IN
    }
    daily = {endpoint for endpoint in without if endpoint.partition(".")[0] in DAILY_WORK}
    assert without - daily == set(WITHOUT_A_FRESH_PROOF)
    assert {endpoint.partition(".")[0] for endpoint in daily} == DAILY_WORK


def test_only_the_guard_asks_for_one() -> None:
    asking = {
        str(path.relative_to(ROOT))
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("require_proof")
    }
    assert asking == {"referral_hub/web/guards.py"}
