"""What keeps programs from filling in forms that everybody may send, with no service from outside:
a field that nobody sees, and the moment at which the form was shown, sealed."""

from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from referral_hub.rules.actor import Anonymous
from referral_hub.rules.corrections import FORM_SECONDS, LEAST_SECONDS
from referral_hub.rules.errors import InvalidInput
from referral_hub.web.hub import actor, now

_AGAIN = "This form was open for long. What you wrote is kept: send it once more."
_TOO_SOON = "That was quick. What you wrote is kept: wait a moment, then send it once more."


def shown_at(moment: datetime) -> str:
    """The moment at which a form is shown, sealed, to stand in it."""
    return str(_seal().dumps(moment.isoformat()))


def require_read_form(shown: str) -> None:
    """Raise InvalidInput unless the form of a stranger was shown a while ago, and not too long.
    Who is signed in is known, and need not wait."""
    if not isinstance(actor(), Anonymous):
        return
    try:
        age = now() - datetime.fromisoformat(_seal().loads(shown))
    except BadSignature as error:
        raise InvalidInput(_AGAIN, {"shown": _AGAIN}) from error
    if age > timedelta(seconds=FORM_SECONDS):
        raise InvalidInput(_AGAIN, {"shown": _AGAIN})
    if age < timedelta(seconds=LEAST_SECONDS):
        raise InvalidInput(_TOO_SOON, {"form": _TOO_SOON})


def is_bait_taken(typed: str) -> bool:
    """Whether the field is filled in that people do not see. Whoever did that is told nothing."""
    return bool(typed.strip())


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="form shown")
