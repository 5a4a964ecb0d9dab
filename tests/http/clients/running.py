"""A hub that really runs, for clients that nobody here wrote."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from werkzeug.serving import WSGIRequestHandler, make_server

from referral_hub.app import create_app
from referral_hub.extensions import db
from referral_hub.web.hub import EXTENSION
from tests.http.hub_browser import form_token
from tests.http.oauth.world import World, make_world

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing."""


class NoRedirect(HTTPRedirectHandler):
    """Leaves it to the test to follow."""

    def redirect_request(self, *_: Any) -> None:
        """Never."""

    def http_error_302(self, _request: Any, answer: Any, *_: Any) -> Any:
        """The answer as it is."""
        return answer

    http_error_303 = http_error_302


@dataclass
class Running:
    """A running hub and its address."""

    world: World
    address: str

    def agree(self, url: str) -> str:
        """Be the person: look at the consent page, agree, and say where that leads."""
        assert url.startswith(self.address)
        cookie: SimpleCookie = SimpleCookie({"hub_session": self.world.cookie})
        headers = {"Cookie": cookie.output(header="", sep=";").strip()}
        opener = build_opener(NoRedirect())
        with opener.open(Request(url, headers=headers)) as page:
            if page.status == 302:
                return str(page.headers["Location"])
            token = form_token(page.read().decode())
        body = f"decision=allow&form_token={token}".encode()
        with opener.open(Request(url, body, headers)) as done:
            assert done.status == 303
            return str(done.headers["Location"])


@contextmanager
def running_hub(sqlite_template: Path, tmp_path: Path, gazetteer_folder: Path) -> Iterator[Running]:
    """The hub on a port of its own, known by its true address."""
    (tmp_path / "gazetteer").symlink_to(gazetteer_folder)
    shutil.copy(sqlite_template, tmp_path / "hub.sqlite3")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    app = create_app(
        {
            "REFERRAL_HUB_MODE": "test",
            "REFERRAL_HUB_DATABASE_URL": f"sqlite:///{tmp_path / 'hub.sqlite3'}",
            "REFERRAL_HUB_DATA_DIR": str(tmp_path),
            "REFERRAL_HUB_PUBLIC_URL": address,
        }
    )

    def whole(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        answer = app(environ, start_response)
        with closing(cast(Any, answer)) if hasattr(answer, "close") else nullcontext():
            return [b"".join(answer)]

    server = make_server("127.0.0.1", port, whole, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    assert urlsplit(address).port == port
    yield Running(make_world(app), address)
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions[EXTENSION].tally.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions[EXTENSION].searcher.close()
