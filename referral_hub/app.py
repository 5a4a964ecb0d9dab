"""Builds the application: a table of contents."""

import os
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from flask import Flask
from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix

from referral_hub.auth.relying_party import OpenIdRelyingParty
from referral_hub.auth.remote_keys import RemoteKeys
from referral_hub.blueprints.api import operation
from referral_hub.blueprints.api import search as api_search
from referral_hub.blueprints.oauth import authorize, logout, metadata, tokens
from referral_hub.blueprints.pages import (
    account,
    agency,
    agency_people,
    agency_teams,
    api_docs,
    applications,
    audit,
    demo_mail,
    find,
    home,
    invitation,
    linked_accounts,
    network,
    network_settings,
    network_stewards,
    notices,
    passkeys,
    passwords,
    security,
    services,
    sign_in,
    sign_in_agency,
    single_sign_on,
    webhooks,
)
from referral_hub.config import Settings, read_settings
from referral_hub.extensions import db, migrate
from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.gazetteer import Gazetteer
from referral_hub.gateways.geocoder import GeocoderSettings, make_geocoder
from referral_hub.gateways.outgoing_http import fetch
from referral_hub.gateways.place_finder import PlaceFinder
from referral_hub.gateways.search import SearchGateway
from referral_hub.gateways.webhooks import WebhookSender
from referral_hub.web.account_bar import register_account_bar
from referral_hub.web.error_responses import register_error_responses
from referral_hub.web.form_tokens import register_form_tokens
from referral_hub.web.guards import register_guards
from referral_hub.web.hub import EXTENSION, Hub
from referral_hub.web.logs import quiet_libraries
from referral_hub.web.navigation import register_navigation
from referral_hub.web.presentation import register_presentation
from referral_hub.web.role_words import register_role_words
from referral_hub.web.search_tally import tally_of
from referral_hub.web.security_headers import register_security_headers
from referral_hub.web.sessions import Sessions

ENDPOINTS = (authorize, tokens, metadata, logout)
PAGES = (
    account, agency, agency_people, agency_teams, api_docs, applications, audit, demo_mail,
    find, home, invitation, linked_accounts, network, network_settings, network_stewards,
    notices, passkeys, passwords, security, services, sign_in, sign_in_agency, single_sign_on,
    webhooks, operation,
)  # fmt: skip
ENDPOINTS = (authorize, tokens, metadata, logout)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def create_app(environment: Mapping[str, str] | None = None) -> Flask:
    """The hub as a WSGI application. Raises SettingsInvalid listing every wrong setting."""
    settings = read_settings(os.environ if environment is None else environment)
    app = Flask("referral_hub")
    app.session_interface = Sessions()
    quiet_libraries()
    _configure(app, settings)
    _connect(app, settings)
    for part in (*PAGES, *ENDPOINTS):
        app.register_blueprint(part.blueprint)
    api = Api(app)
    api.register_blueprint(api_search.blueprint)
    register_guards(app)
    register_form_tokens(app)
    register_error_responses(app)
    register_security_headers(app, settings.tile_url)
    register_presentation(app, settings)
    register_account_bar(app)
    register_navigation(app)
    register_role_words(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
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
    }
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def _is_file(database_url: str) -> bool:
    """Whether the database is a file, which cannot go away as a server can."""
    return database_url.startswith("sqlite")


def _connect(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=os.path.join(app.root_path, "migrations"))
    gazetteer = Gazetteer(settings.gazetteer_dir)
    geocoder = make_geocoder(
        GeocoderSettings(
            service=settings.geocoder,
            user_agent=settings.geocoder_user_agent,
            cache_path=settings.data_dir / "geocoder.sqlite3",
        ),
        gazetteer,
    )
    app.extensions[EXTENSION] = Hub(
        settings,
        SearchGateway(settings.index_dir, settings.gazetteer_dir),
        PlaceFinder(geocoder, gazetteer),
        gazetteer,
        tally_of(app),
        Vault(settings.field_keys),
        OpenIdRelyingParty(fetch, settings.outgoing_allow),
        remote_keys=RemoteKeys(partial(fetch, allow=settings.outgoing_allow)),
        webhook_sender=WebhookSender(settings.outgoing_allow),
    )
