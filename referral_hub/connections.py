"""Everything outside of a request that the hub is connected with."""

import os
from functools import partial

from flask import Flask

from referral_hub.auth.relying_party import OpenIdRelyingParty
from referral_hub.auth.remote_keys import RemoteKeys
from referral_hub.config import Settings
from referral_hub.extensions import db, migrate
from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.reading import FigureColumns
from referral_hub.gateways.gazetteer import Gazetteer
from referral_hub.gateways.geocoder import GeocoderSettings, make_geocoder
from referral_hub.gateways.outgoing_http import fetch
from referral_hub.gateways.place_finder import PlaceFinder
from referral_hub.gateways.search import SearchGateway
from referral_hub.gateways.webhooks import WebhookSender
from referral_hub.web.call_limits import CallLimit
from referral_hub.web.hub import EXTENSION, Hub
from referral_hub.web.search_tally import tally_of


def connect(app: Flask, settings: Settings) -> None:
    """Connect an application with database, search, places, keys and providers."""
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
        CallLimit(settings.searches_per_minute),
        FigureColumns(FigureFolder(settings.figures_dir)),
        remote_keys=RemoteKeys(partial(fetch, allow=settings.outgoing_allow)),
        webhook_sender=WebhookSender(settings.outgoing_allow),
    )
