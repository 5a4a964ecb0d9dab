"""What every answer tells the browser: load nothing from elsewhere, run nothing inline, and keep
nothing that is for one person."""

from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from referral_hub.web.cookies import SESSION_COOKIE, cookie
from referral_hub.web.form_tokens import holds_form
from referral_hub.web.guards import OPEN_ENDPOINTS, SAFE

SECRET_PATHS = ("/oauth/authorize", "/oauth/logout", "/oauth/userinfo", "/calendar/")
"""What is asked for here stands in the address, with what only the caller knows."""
_A_YEAR = 31_536_000


def register_security_headers(app: Flask, tile_url: str) -> None:
    """Add the headers to every response, errors included. Map tiles are the one exception."""
    tiles = ""
    if tile_url:
        parts = urlsplit(tile_url.replace("{s}", "*"))
        tiles = f" {parts.scheme}://{parts.netloc}"
    policy = "; ".join(
        (
            "default-src 'self'",
            f"img-src 'self' data:{tiles}",
            "style-src 'self'",
            "script-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",  # the last, so that `let_form_lead_to` can add to it
        )
    )

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy + g.get("form_targets", ""))
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if app.config["COOKIES_SECURE"]:
            response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}"
        if _is_for_one_person(response):
            response.headers["Cache-Control"] = "no-store"
        return response


def _is_for_one_person(response: Response) -> bool:
    """Whether no cache, not even the browser's, may keep the answer: it is made for who is known,
    it is made of what somebody sent, it holds a form, or gives the browser something to keep."""
    if request.endpoint in OPEN_ENDPOINTS:
        return False
    is_known = bool(cookie(SESSION_COOKIE)) or "Authorization" in request.headers
    is_made_of_secrets = request.method not in SAFE or request.path.startswith(SECRET_PATHS)
    return is_known or is_made_of_secrets or holds_form() or "Set-Cookie" in response.headers


def let_form_lead_to(origin: str) -> None:
    """Let forms of this answer lead to another site: browsers hold redirects against the page."""
    g.form_targets = f" {origin}"
