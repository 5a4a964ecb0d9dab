"""What people type into any form is nowhere in clear but where it must be read.

Every form of every page is found on the page itself and sent with values that exist nowhere else.
Then all that the hub left behind is searched for them: files of the database, mail, logs, and the
addresses that it sent browsers to.
"""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from urllib.parse import unquote_plus, urlsplit

import pytest
from flask import Flask
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from referral_hub.extensions import db
from referral_hub.worker import Worker
from tests.http.hub_browser import Browser, text_of
from tests.http.one_of_everything import ELSEWHERE, STEWARD, World, doors

OF_ORGANIZATIONS = frozenset({
    "name@/network/agencies/add", "name@/agency/teams", "name@/agency/teams/<uuid:team_id>/rename",
    "name@/agency/applications/new", "purpose@/agency/applications/new",
    "redirect_uris@/agency/applications/new", "logout_uris@/agency/applications/new",
    "jwks@/agency/applications/new", "jwks_uri@/agency/applications/new",
    "name@/agency/single-sign-on", "issuer@/agency/single-sign-on",
    "client_id@/agency/single-sign-on", "agreement_title@/network/settings",
    "name@/account/security/passkeys/<uuid:passkey_id>/rename", "url@/agency/webhooks/add",
    "unit@/listings/capacity/<uuid:service_id>", "note@/listings/capacity/<uuid:service_id>",
    "proposed@/services/<uuid:service_id>/correction",
    "note@/services/<uuid:service_id>/correction",
    "value@/listings/corrections/<uuid:correction_id>/accept",
    "value@/network/corrections/<uuid:correction_id>/accept",
    "name@/network/feeds/add", "url@/network/feeds/add",
    "note@/network/duplicates/<uuid:pair_id>/merge",
})  # fmt: skip
"""Fields that tell of organizations and things, not of people: they are stored as they are."""
KIND = "<any(organizations, programs, locations):kind>"
OF_LISTINGS = "/listings/"
"""Where listings are edited: they are for everybody to read."""
NEVER_DONE = {
    "/sign-in": "nobody has the address and the password that are typed",
    "/sign-in/confirm": "the same",
    "/sign-in/code": "it comes after a right password; codes are typed that are no codes",
    "/sign-in/recovery": "the same",
    "/account/security/app": "the code must be that of an app",
    "/account/security/app/remove": "nobody here has an app; nothing is typed",
    "/sign-in/passkey": "what is sent comes from an authenticator",
    "/sign-in/passkey/options": "the same",
    "/sign-in/confirm/passkey": "the same",
    "/account/security/passkeys": "the same",
    "/account/security/passkeys/options": "the same",
    "/sign-in/sso": "it asks a provider; nothing is typed",
    "/account/security/agency-accounts": "the same",
    "/agency/single-sign-on": "the issuer that is typed answers nothing",
    "/account/agency": "nobody here has two agencies; nothing is typed",
    "/invitation/join": "nobody who is signed in is invited; nothing is typed",
    "/oauth/authorize": "an application sends people there; nothing is typed",
    "/oauth/logout": "nothing is typed, and no page leads there",
    "/agency/webhooks/<uuid:webhook_id>/enable": "the webhook is on; nothing is typed",
    "/agency/working-time": "a zone and a region are chosen from what there is",
    "/clients/<uuid:client_id>/consents/new": "it names partners; its words: test_consents",
    "/clients/<uuid:client_id>/goals/<uuid:goal_id>/reopen": "it is open; nothing is typed",
    "/clients/<uuid:client_id>/needs/<uuid:need_id>/reopen": "it is open; nothing is typed",
    "/clients/<uuid:client_id>/reopen": "the case is open; nothing is typed",
    "/clients/import": "a file; its words: test_import_clients",
    "/clients/import/load": "the same",
    "/find/shortlist/add": "a service is chosen; nothing is typed",
    "/find/shortlist/remove": "the same",
    "/listings/locations/<uuid:location_id>/confidential/address": "the place is public",
    "/listings/locations/<uuid:location_id>/confidential/open": "the same; choices alone",
    "/listings/import": "a file; its words: test_listing_import_pages",
    "/listings/import/<uuid:import_id>/columns": "choices from what there is",
    "/listings/import/<uuid:import_id>/load": "nothing is typed",
    "/listings/import/<uuid:import_id>/undo": "nothing is typed",
    "/network/feeds/<uuid:feed_id>/resume": "it is not paused; nothing is typed",
    "/network/sources/<int:source_id>": "choices from what there is",
    "/network/sources/<int:source_id>/drop": "nothing is typed",
    "/inbox/acknowledge": "referrals are ticked; nothing is typed",
    "/inbox/assign": "the same",
    "/listings/<uuid:service_id>/conditions": "a choice; nothing is typed",
    f"/listings/{KIND}/<uuid:record_id>/history/<int:change_id>/undo": "none to undo",
    f"/listings/{KIND}/<uuid:record_id>/state": "a published service needs it",
    "/listings/capacity/confirm": "no listing is due; nothing is typed",
    "/network/freshness": "the same",
    "/network/duplicates/<uuid:pair_id>/differ": "nothing is typed",
    "/network/duplicates/<uuid:pair_id>/merge": "a note for the history: test_duplicate_pages",
    "/network/duplicates/<uuid:pair_id>/unmerge": "nothing is merged; nothing is typed",
    "/network/referrals/<uuid:referral_id>": "it ends the referral; its words: test_move_referral",
    "/network/settings": "settings are numbers and choices",
    "/referrals/<uuid:referral_id>/acknowledge": "nothing is typed",
    "/referrals/<uuid:referral_id>/appointments/new": "after acceptance: test_appointments",
    "/referrals/<uuid:referral_id>/appointments/<uuid:appointment_id>": "the same",
    "/referrals/<uuid:referral_id>/assign": "somebody is chosen; nothing is typed",
    "/referrals/<uuid:referral_id>/check-in": "the receiver's form: test_move_referral",
    "/referrals/<uuid:referral_id>/client-answers": "after acceptance: test_client_answers",
    "/referrals/<uuid:referral_id>/conflict-check": "nothing is typed",
    "/referrals/<uuid:referral_id>/contacts": "it comes after acceptance: test_move_referral",
    "/referrals/<uuid:referral_id>/more": "its words: test_share_more",
    "/referrals/<uuid:referral_id>/moves/<name>": "after acceptance: test_move_referral",
    "/referrals/<uuid:referral_id>/read": "nothing is typed",
    "/referrals/<uuid:referral_id>/review": "it needs a draft: test_move_referral",
    "/referrals/<uuid:referral_id>/share": "the same",
    "/referrals/new": "choices alone",
    "/supervision/check-ins/<uuid:check_in_id>/read": "nothing is typed",
    "/supervision/check-ins/plan": "a person, a time and an interval are chosen",
    "/supervision/declines/<uuid:referral_id>/look": "nothing is declined yet; its note: "
    "test_decline_proposals",
    "/supervision/mine/share": "there is no signal; nothing is typed",
    "/supervision/team/<uuid:person_id>": "cases are ticked; nothing is typed",
    "/supervision/team/nobody": "the same",
    "/supervision/notes": "it stands under charts; its words: test_figure_notes",
    "/oauth/introspect": "applications send this, and no page",
    "/oauth/revoke": "the same",
    "/oauth/token": "the same",
    "/oauth/userinfo": "the same",
}
"""Forms that need not get done here, and why. All others do, or canaries would prove nothing."""
NO_PAGES = ("/api", "/hsds", "/static", "/oauth", "/.well")
DONE = {200, 302, 303}
MARK = re.compile(r"kestrel\d{4}plover")
KEY = ECKey.generate_key()
OF_DIGITS = frozenset({
    "phone", "other_phone", "zip", "income", "household_size", "children", "year_incorporated",
    "attribute", "available", "maximum", "nickname",
})  # fmt: skip
"""Fields that take no words: with one nothing of their form would be stored."""
FURTHER_ROW = re.compile(r"-[2-9]$")
"""Fields of further rows, which would say the same as the first."""
TEXTS = {"text", "email", "password", "tel", "search", "url", "textarea"}


@dataclass
class Form:
    """A form of a page: where it is sent, and its fields by name with their kinds and values."""

    action: str
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """Finds the forms of a page that change something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = Form(given.get("action", ""))
            self.found.append(self._form)
        if self._form is None:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag in {"input", "textarea"} and name:
            chosen = kind not in {"checkbox", "radio"} or name not in self._form.fields
            if chosen:
                kind = "textarea" if tag == "textarea" else kind
                self._form.fields[name] = kind, given.get("value", "")
        if tag == "button" and name:
            self._form.fields.setdefault(name, ("button", given.get("value", "")))
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and given.get("value"):
            self._form.fields.setdefault(self._select, ("select", given["value"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""


@dataclass
class Typist:
    """Fills in the forms of a hub with values that exist nowhere else, and remembers where each
    was typed, what came of it, and what it left behind."""

    world: World
    folder: Path
    typed: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)
    left: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        hub = self.world.app.extensions["referral_hub"]
        worker = Worker(self.world.app, hub.searcher, hub.gazetteer)
        self.mail = next(job for job in worker.jobs if job.name == "mail")

    def fill_in(self, caller: str, path: str) -> None:
        """Send each form of a page, with everything else as it was at first."""
        for number in count():
            self.world.restore()
            browser = Browser(self.world.app.test_client(), self.world.tokens.get(caller, ""))
            forms = forms_of(browser.get(path))
            if number == len(forms):
                return
            for further in forms_of(self._send(browser, path, forms[number])):
                self._send(browser, path, further)
            while self.mail.once(self.world.app):
                pass
            for name, text in left_behind(self.world.app, self.folder):
                self.left |= {(name, mark) for mark in MARK.findall(text)}

    def _send(self, browser: Browser, path: str, form: Form) -> TestResponse:
        """Send a form, as it stands on the page, with canaries in its fields for text."""
        rule = rule_of(self.world.app, form.action or path)
        values = {
            name: self._canary(kind, f"{name}@{rule}") if is_text(name, kind) else value
            for name, (kind, value) in form.fields.items()
            if not FURTHER_ROW.search(name)
        }
        answer = browser.client.post(form.action or path, data=values)
        assert answer.status_code < 500, (rule, text_of(answer))
        if answer.status_code in DONE:
            self.done.add(rule)
        self.addresses += [answer.request.url, answer.headers.get("Location", "")]
        return answer

    def _canary(self, kind: str, where: str) -> str:
        name = where.partition("@")[0]
        if name in {"link", "token"}:
            return self.world.links[where.partition("@")[2]]
        if name == "jwks_uri":
            return ""  # an application states its keys or where they are
        mark = f"kestrel{len(self.typed):04d}plover"
        self.typed[mark] = where
        if name == "jwks":
            return json.dumps({"keys": [{**KEY.as_dict(private=False), "kid": mark}]})
        if kind == "email" or name == "email":
            return f"{mark}@canary.example"
        if kind == "url" or "uri" in name or name in {"issuer", "more_pages"}:
            return f"https://{mark}.canary.example/x"
        if name == "password":
            return f"{mark} by the sea"  # with no word of the name
        return f"violet {mark} lamps"


def is_text(name: str, kind: str) -> bool:
    """Whether a field takes words."""
    return kind in TEXTS and name.partition("-")[0] not in OF_DIGITS


def forms_of(answer: TestResponse) -> list[Form]:
    """The forms of an answer that is a page."""
    is_page = answer.status_code == 200 and answer.mimetype == "text/html"
    return Forms(text_of(answer)).found if is_page else []


def pages(world: World) -> Iterator[str]:
    """The address of every page; where organizations are looked for, some are found."""
    for rule, method in doors(world.app):
        if method == "GET" and not rule.rule.startswith(NO_PAGES):
            values = {name: world.value(rule.rule, name) for name in rule.arguments}
            address = world.app.url_map.bind("localhost").build(rule.endpoint, values)
            yield f"{address}?q=house" if "organizations" in address else address


def rule_of(app: Flask, address: str) -> str:
    """The rule under which a form that is sent to an address is taken."""
    routes = app.url_map.bind("localhost")
    rule, _ = routes.match(urlsplit(address).path, "POST", return_rule=True)
    return rule.rule


def left_behind(app: Flask, folder: Path) -> Iterator[tuple[str, str]]:
    """All files of the data folder and of the database, by name, as text."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "gazetteer" not in path.parts and path.name != "untouched.sqlite3":
            yield path.name, path.read_bytes().decode("latin-1")


def test_what_people_type_is_nowhere_in_clear(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    typist = Typist(world, tmp_path)
    for caller in ("nobody", "case manager", "supervisor", "administrator", ELSEWHERE, STEWARD):
        for path in pages(world):
            typist.fill_in(caller, path)
    for path in pages(world):
        if path.startswith("/supervision/"):
            typist.fill_in("supervisor", path)
    told = [("log", caplog.text), *(("address", unquote_plus(each)) for each in typist.addresses)]
    left = typist.left | {(name, mark) for name, text in told for mark in MARK.findall(text)}

    changing = {
        rule.rule
        for rule, method in doors(world.app)
        if method == "POST" and not rule.rule.startswith(("/api", "/hsds"))  # programs send those
    }
    assert changing - typist.done <= set(NEVER_DONE)
    assert set(NEVER_DONE) <= changing
    assert any(name.endswith(".eml") for name, _ in left)
    seen = {(name, typist.typed[mark]) for name, mark in left}
    assert {(name, where) for name, where in seen if not is_expected(name, where)} == set()


def is_expected(name: str, where: str) -> bool:
    """Whether something typed may be there: facts of organizations in the database and in mail,
    and the address to which a mail is sent."""
    if where in OF_ORGANIZATIONS or where.partition("@")[2].startswith(OF_LISTINGS):
        return name not in {"log", "address"}
    return name.endswith(".eml") and "email" in where.partition("@")[0]
