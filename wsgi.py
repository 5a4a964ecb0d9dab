"""The application for a WSGI server."""

from referral_hub.app import create_app

app = create_app()
