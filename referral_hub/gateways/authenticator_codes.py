"""Codes of authenticator apps (RFC 6238): six digits, a new one every 30 seconds."""

from datetime import datetime
from hmac import compare_digest

from pyotp import TOTP, random_base32
from segno import make_qr

_STEP = 30
_DRIFT = 1
"""How many steps a clock may be off, either way."""


def new_secret() -> str:
    """A new secret of 160 bits, in base32, as apps take it."""
    return random_base32()


def matching_step(secret: str, code: str, after: int, now: datetime) -> int | None:
    """The time step of a code, if it is one of now and later than the step `after`."""
    totp = TOTP(secret, interval=_STEP)
    present = int(now.timestamp()) // _STEP
    steps = range(present - _DRIFT, present + _DRIFT + 1)
    typed = code.encode("utf-8", "replace")
    found = [step for step in steps if compare_digest(totp.generate_otp(step).encode(), typed)]
    return next((step for step in found if step > after), None)


def setup_address(secret: str, account: str, issuer: str) -> str:
    """The address that an app reads from a picture."""
    return TOTP(secret, interval=_STEP).provisioning_uri(name=account, issuer_name=issuer)


def as_picture(address: str) -> str:
    """An address as a QR code: an SVG in a data address, for an <img>."""
    return str(make_qr(address, error="m").svg_data_uri(scale=5, border=4))
