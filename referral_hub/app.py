"""Builds the application: a table of contents."""

import os
from collections.abc import Mapping

from flask import Flask

from referral_hub.addresses import register_addresses
from referral_hub.config import read_settings
from referral_hub.connections import connect
from referral_hub.web.account_bar import register_account_bar
from referral_hub.web.api import register_api_answers
from referral_hub.web.caseload_charts import register_caseload_charts
from referral_hub.web.caseload_words import register_caseload_words
from referral_hub.web.chart_tables import register_chart_tables
from referral_hub.web.client_words import register_client_words
from referral_hub.web.error_responses import register_error_responses
from referral_hub.web.figure_charts import register_figure_charts
from referral_hub.web.figure_comparisons import register_figure_comparisons
from referral_hub.web.figure_following import register_figure_following
from referral_hub.web.figure_words import register_figure_words
from referral_hub.web.flask_settings import configure
from referral_hub.web.form_tokens import register_form_tokens
from referral_hub.web.freshness_words import register_freshness_words
from referral_hub.web.guards import register_guards
from referral_hub.web.json_input import register_json_input
from referral_hub.web.listing_words import register_listing_words
from referral_hub.web.local_times import register_local_times
from referral_hub.web.logs import quiet_libraries
from referral_hub.web.navigation import register_navigation
from referral_hub.web.presentation import register_presentation
from referral_hub.web.readable_input import register_readable_input
from referral_hub.web.referral_words import register_referral_words
from referral_hub.web.role_words import register_role_words
from referral_hub.web.security_headers import register_security_headers
from referral_hub.web.sessions import Sessions
from referral_hub.web.uploads import register_uploads

WORDS = (
    register_account_bar, register_navigation, register_role_words, register_client_words,
    register_referral_words, register_listing_words, register_freshness_words, register_local_times,
    register_chart_tables, register_caseload_words, register_figure_words, register_figure_charts,
    register_figure_comparisons, register_figure_following, register_caseload_charts,
)  # fmt: skip
"""What templates may say."""


def create_app(environment: Mapping[str, str] | None = None) -> Flask:
    """The hub as a WSGI application. Raises SettingsInvalid listing every wrong setting."""
    settings = read_settings(os.environ if environment is None else environment)
    app = Flask("referral_hub")
    app.session_interface = Sessions()
    quiet_libraries()
    configure(app, settings)
    connect(app, settings)
    register_addresses(app)
    register_uploads(app)
    register_json_input(app)
    register_readable_input(app)
    register_api_answers(app)
    register_guards(app)
    register_form_tokens(app)
    register_error_responses(app)
    register_security_headers(app, settings.tile_url)
    register_presentation(app, settings)
    for register in WORDS:
        register(app)
    return app
