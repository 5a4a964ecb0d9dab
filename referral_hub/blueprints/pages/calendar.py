"""One's own calendar: its address on the account, and the file behind it."""

from flask import Blueprint, Response, render_template

from referral_hub.formats.calendar_files import calendar_file
from referral_hub.rules.permissions import Permission
from referral_hub.use_cases.calendar_feed import (
    calendar_since,
    end_calendar,
    make_calendar,
    read_calendar,
)
from referral_hub.web.call_limits import limit_calls
from referral_hub.web.guards import needs, proved, public, signed_in
from referral_hub.web.hub import actor, hub, now, session
from referral_hub.web.submitted import Answer, saved

blueprint = Blueprint("calendar", __name__)
CALENDAR = "/account/calendar"


@blueprint.get("/calendar/<token>.ics")
@public
def feed(token: str) -> Response:
    """The calendar for a program: what it cannot do is sign in, so the address is the secret."""
    limit_calls("calendar")
    entries = read_calendar(session(), actor(), token, now=now())
    return Response(
        calendar_file(entries, hub().settings.public_url, now()), mimetype="text/calendar"
    )


@blueprint.get(CALENDAR)
@signed_in
def calendar() -> str:
    """Whether there is an address, and what it shows."""
    return render_template("account/calendar.html", since=calendar_since(session(), actor()))


@blueprint.post(CALENDAR)
@proved
@needs(Permission.CALENDAR_KEEP)
def make() -> str:
    """Make a new address, which is shown only now."""
    token = make_calendar(session(), actor(), now=now())
    address = f"{hub().settings.public_url}/calendar/{token}.ics"
    return render_template("account/calendar.html", since=now(), address=address)


@blueprint.post(f"{CALENDAR}/end")
@signed_in
@needs(Permission.CALENDAR_KEEP)
def end() -> Answer:
    """Switch it off."""
    end_calendar(session(), actor(), now=now())
    return saved("Your calendar is switched off. Its address shows nothing any more.", CALENDAR)
