"""A person with a browser that runs no scripts: reads pages, sends the forms that stand on them."""

import re
from html import unescape
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from referral_hub.extensions import db
from referral_hub.web.hub import EXTENSION
from tests.accounts import EMAIL, PASSWORD

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Visitor:
    """One browser, with its cookies."""

    def __init__(self, app: Flask, address: str = "203.0.113.5") -> None:
        self.app = app
        self.client = app.test_client()
        self.options: dict[str, Any] = {
            "environ_base": {"REMOTE_ADDR": address, "HTTP_USER_AGENT": AGENT}
        }

    def get(self, path: str, **query: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, query_string=query or None, **self.options)

    def text(self, path: str, **query: str) -> str:
        """The text of a page that opens."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, (path, answer.status_code, answer.location)
        return unescape(answer.get_data(as_text=True))

    def send(self, path: str, page: str | None = None, /, **fields: str) -> TestResponse:
        """Send a form that stands on a page; by default the page of the same address."""
        found = TOKEN.search(self.get(page or path).get_data(as_text=True))
        assert found, f"no form on {page or path}"
        return self.post(path, form_token=found[1], **fields)

    def post(
        self, path: str, headers: dict[str, str] | None = None, /, **fields: str
    ) -> TestResponse:
        """Send a form that somebody else made up."""
        return self.client.post(path, data=fields, headers=headers, **self.options)

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD, **fields: str) -> TestResponse:
        """Sign in with a password."""
        return self.send("/sign-in", email=email, password=password, **fields)

    def cookie(self, name: str) -> str:
        """The value of a cookie that the browser holds, or an empty text."""
        held = self.client.get_cookie(name)
        return held.value if held else ""


def rows(app: Flask) -> Session:
    """The hub's own database session; use it inside `app.app_context()`."""
    return db.session()  # type: ignore[return-value]


def vault_of(app: Flask) -> Any:
    """What seals the hub's personal data."""
    return app.extensions[EXTENSION].vault
