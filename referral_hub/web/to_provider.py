"""Sending a browser on to an agency's provider, after a form."""

from urllib.parse import urlsplit

from flask import Response, make_response, render_template


def to_provider(address: str) -> Response:
    """A page that leads on by itself, and has a link for browsers that do not.

    A redirect would be one of the form that was sent, and forms may lead to the hub alone: that
    is what its content security policy tells browsers.
    """
    host = urlsplit(address).hostname or ""
    return make_response(render_template("sign_in/sso_go.html", address=address, host=host))
