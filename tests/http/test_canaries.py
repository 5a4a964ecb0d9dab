"""What people type into any form is nowhere in clear but where it must be read.

Every form of every page is found on the page itself and sent with values that exist nowhere else.
Then all that the hub left behind is searched for them: files of the database, mail, logs, and the
addresses that it sent browsers to.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from referral_hub.extensions import db
from referral_hub.worker import Worker
from tests.http.hub_browser import Browser, text_of
from tests.http.one_of_everything import STEWARD, World, doors

ENDING = ("/sign-out", "/account/sessions/", "/agency/people/<uuid:person_id>/disable")
"""Forms that would end what the others need."""
OF_ORGANIZATIONS = frozenset({
    "name@/network/agencies/add", "name@/agency/teams", "name@/agency/teams/<uuid:team_id>/rename",
    "name@/agency/applications/new", "purpose@/agency/applications/new",
    "redirect_uris@/agency/applications/new", "logout_uris@/agency/applications/new",
    "jwks@/agency/applications/new", "jwks_uri@/agency/applications/new",
    "name@/agency/single-sign-on", "issuer@/agency/single-sign-on",
    "client_id@/agency/single-sign-on", "agreement_title@/network/settings",
    "name@/account/security/passkeys/<uuid:passkey_id>/rename", "url@/agency/webhooks/add",
})  # fmt: skip
"""Fields that tell of organizations and things, not of people: they are stored as they are."""
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
    """Fills in forms with values that exist nowhere else, and remembers where each was typed."""

    rules: dict[str, str]
    typed: dict[str, str] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)

    def send(self, browser: Browser, path: str, form: Form) -> None:
        """Send a form, as it stands on the page, with canaries in its fields for text."""
        rule = self.rules.get(form.action or path, form.action or path)
        if rule.startswith(ENDING):
            return
        values = {
            name: self._canary(kind, f"{name}@{rule}") if kind in TEXTS else value
            for name, (kind, value) in form.fields.items()
        }
        self.places |= {
            f"{name}@{rule}" for name, (kind, _) in form.fields.items() if kind in TEXTS
        }
        answer = browser.client.post(form.action or path, data=values)
        assert answer.status_code < 500, (rule, text_of(answer))
        self._note(answer)

    def _canary(self, kind: str, where: str) -> str:
        mark = f"kestrel{len(self.typed):04d}plover"
        self.typed[mark] = where
        if kind == "email" or where.startswith("email@"):
            return f"{mark}@canary.example"
        if kind == "url" or "uri" in where or where.startswith("issuer@"):
            return f"https://{mark}.canary.example/x"
        return f"violet {mark} lamps"

    def _note(self, answer: TestResponse) -> None:
        self.addresses += [answer.request.url, answer.headers.get("Location", "")]


def pages(world: World) -> Iterator[tuple[str, str]]:
    """Every page by its address, with its rule."""
    for rule, method in doors(world.app):
        if method == "GET" and not rule.rule.startswith(("/api", "/static", "/oauth", "/.well")):
            values = {name: world.value(rule.rule, name) for name in rule.arguments}
            with world.app.test_request_context():
                yield world.app.url_map.bind("localhost").build(rule.endpoint, values), rule.rule


def rules_of(world: World) -> dict[str, str]:
    """The rule of each address that a form may be sent to."""
    found = {}
    for rule, method in doors(world.app):
        values = {name: world.value(rule.rule, name) for name in rule.arguments}
        with world.app.test_request_context():
            path = world.app.url_map.bind("localhost").build(rule.endpoint, values, method)
            found[path] = rule.rule
    return found


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
    world.restore()
    typist = Typist(rules_of(world))
    for caller in ("nobody", "case manager", "administrator", STEWARD):
        for path, _ in pages(world):
            browser = Browser(world.app.test_client(), world.tokens.get(caller, ""))
            answer = browser.get(path)
            page = text_of(answer)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                for form in Forms(page).found:
                    typist.send(browser, path, form)
    hub = world.app.extensions["referral_hub"]
    worker = Worker(world.app, hub.searcher, hub.gazetteer)
    while worker.once():
        pass

    assert {"email@/sign-in", "password@/sign-in", "email@/agency/people/invite"} <= typist.places
    assert len(typist.typed) > 40
    told = [("log", caplog.text), *(("address", unquote_plus(each)) for each in typist.addresses)]
    stored = list(left_behind(world.app, tmp_path))
    assert any(name.endswith(".eml") for name, _ in stored)
    seen = {
        (name, typist.typed[mark])
        for name, text in (*told, *stored)
        for mark in set(re.findall(r"kestrel\d{4}plover", text))
    }
    assert {(name, where) for name, where in seen if not is_expected(name, where)} == set()


def is_expected(name: str, where: str) -> bool:
    """Whether something typed may be there: facts of organizations in the database and in mail,
    and the address to which a mail is sent."""
    if where in OF_ORGANIZATIONS:
        return name not in {"log", "address"}
    return name.endswith(".eml") and "email" in where.partition("@")[0]
