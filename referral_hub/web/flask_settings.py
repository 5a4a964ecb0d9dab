"""What the framework is told, from the settings of the hub."""

from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from referral_hub.config import Settings
from referral_hub.web.api_docs import api_description

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def configure(app: Flask, settings: Settings) -> None:
    """Set up an application that has no addresses yet."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_pre_ping": not _is_file(settings.database_url),
            "hide_parameters": True,  # errors that are logged hold no values
        },
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "COOKIES_SECURE": settings.public_url.startswith("https://"),
        "SESSION_COOKIE_NAME": "hub_notes",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.public_url.startswith("https://"),
        "TRUSTED_HOSTS": [urlsplit(settings.public_url).hostname, *LOOPBACK],
        "API_TITLE": "Referral Hub",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": api_description(settings.public_url),
    }
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def _is_file(database_url: str) -> bool:
    """Whether the database is a file, which cannot go away as a server can."""
    return database_url.startswith("sqlite")
