"""Somebody at a browser that runs no scripts: reads pages, sends the hub's forms."""

import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral_hub.web.cookies import FORM_COOKIE, SESSION_COOKIE
from tests.accounts import EMAIL, PASSWORD

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
FORM_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')

_KNOWN_TOKENS: dict[tuple[object, str], str] = {}


@dataclass
class Browser:
    """One browser with its cookies. `token` is that of a session in which somebody signed in."""

    client: FlaskClient
    token: str = ""
    address: str = "203.0.113.5"

    def __post_init__(self) -> None:
        if self.token:
            self.client.set_cookie(SESSION_COOKIE, self.token)

    def get(self, path: str, **query: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, query_string=query or None, **self._sender())

    def page(self, path: str, status: int = 200, **query: str) -> str:
        """A page, which must answer so."""
        answer = self.get(path, **query)
        assert answer.status_code == status, (path, answer.status_code, answer.location)
        return text_of(answer)

    def send(self, path: str, page: str | None = None, /, **fields: object) -> TestResponse:
        """Send a form that stands on a page; by default the page of the same address."""
        return self.forge(path, form_token=form_token(self.get(page or path).text), **fields)

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a form that no page need show to this browser."""
        return self.forge(path, form_token=self._own_token(), **fields)

    def forge(
        self, path: str, headers: dict[str, str] | None = None, /, **fields: object
    ) -> TestResponse:
        """Send a form that somebody else made up."""
        return self.client.post(path, data=fields, headers=headers, **self._sender())

    def done(self, path: str, **fields: object) -> str:
        """Send a form that does what it is for, and return the page that follows."""
        answer = self.post(path, **fields)
        assert answer.status_code == 303, (path, answer.status_code, text_of(answer))
        where = answer.headers["Location"]
        return text_of(self.get(where)) if not where.startswith("/sign-in") else where

    def wrong(self, path: str, status: int = 422, **fields: object) -> str:
        """Send a form in which something is wrong, and return the page that says what."""
        answer = self.post(path, **fields)
        assert answer.status_code == status, (path, answer.status_code)
        return text_of(answer)

    def sign_in(
        self, email: str = EMAIL, password: str = PASSWORD, **fields: object
    ) -> TestResponse:
        """Sign in with a password."""
        return self.send("/sign-in", email=email, password=password, **fields)

    def cookie(self, name: str) -> str:
        """The value of a cookie that the browser holds, or an empty text."""
        held = self.client.get_cookie(name)
        return held.value if held else ""

    def _own_token(self) -> str:
        """The token of this browser's forms: all that it gets carry the same one."""
        key = (self.client.application.secret_key, self._secret())
        if not self._secret() or key not in _KNOWN_TOKENS:
            found = form_token(self.get("/invitation").text)
            key = (self.client.application.secret_key, self._secret())
            _KNOWN_TOKENS[key] = found
        return _KNOWN_TOKENS[key]

    def _secret(self) -> str:
        return self.cookie(SESSION_COOKIE) or self.cookie(FORM_COOKIE)

    def _sender(self) -> dict[str, Any]:
        return {"environ_base": {"REMOTE_ADDR": self.address, "HTTP_USER_AGENT": AGENT}}


def text_of(answer: TestResponse) -> str:
    """The page of an answer, as it was sent."""
    return answer.get_data(as_text=True)


def form_token(page: str) -> str:
    """The token that the forms of a page carry."""
    found = FORM_TOKEN.search(page)
    assert found, f"no form on this page: {page}"
    return found[1]
