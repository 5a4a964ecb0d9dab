"""What libraries may write into logs."""

import logging

TALKATIVE = ("authlib", "urllib3", "oauthlib", "httpx", "requests_oauthlib")
"""At level DEBUG these write whole tokens, or addresses with their parameters."""


def quiet_libraries() -> None:
    """Keep tokens out of the logs, whatever level is set for everything."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.INFO)
