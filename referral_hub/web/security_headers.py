"""What every answer tells the browser: load nothing from elsewhere, run nothing inline."""

from urllib.parse import urlsplit

from flask import Flask, Response, g

from referral_hub.rules.actor import Person


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
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        if isinstance(g.get("actor"), Person):
            response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return response
