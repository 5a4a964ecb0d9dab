"""The mail of a demo network, so that every link in it can be tried."""

from pathlib import Path

from flask import Blueprint, render_template

from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.use_cases.demo_mail import list_demo_mail, show_demo_mail
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, hub

blueprint = Blueprint("demo_mail", __name__)


@blueprint.get("/demo/mail")
@public
def mails() -> str:
    """All mails, the newest first."""
    _require_demo()
    return render_template("demo_mails.html", mails=list_demo_mail(actor(), _folder()))


@blueprint.get("/demo/mail/<name>")
@public
def mail(name: str) -> str:
    """One mail as text."""
    _require_demo()
    public_url = hub().settings.public_url
    view = show_demo_mail(actor(), _folder(), name, public_url=public_url)
    return render_template("demo_mail.html", view=view)


def _folder() -> Path:
    return hub().settings.mail_dir


def _require_demo() -> None:
    """Raise NotFound in every mode but the demo: mail is for its receivers."""
    if not hub().settings.is_demo:
        raise NotFound(NOTHING_HERE)
