"""Somebody at a browser: signed in, sending the hub's own forms."""

import re
from dataclasses import dataclass, field

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral_hub.web.cookies import SESSION_COOKIE

_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


@dataclass
class Browser:
    """A browser with a session's cookie, or without."""

    client: FlaskClient
    token: str = ""
    form_token: str = field(default="", init=False)

    def __post_init__(self) -> None:
        if self.token:
            self.client.set_cookie(SESSION_COOKIE, self.token)

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(path, query_string=query or None)

    def page(self, path: str, status: int = 200, **query: str) -> str:
        """The page, which must answer so."""
        answer = self.get(path, **query)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a form with the token of a page that this browser got."""
        if not self.form_token:
            found = _TOKEN.search(self.page("/invitation"))
            assert found is not None
            self.form_token = found[1]
        return self.client.post(path, data={"form_token": self.form_token} | fields)

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


def text_of(answer: TestResponse) -> str:
    """The page of an answer."""
    return answer.get_data(as_text=True)
