"""The texts of mail: plain, the subject in the first line, links only to this hub."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from referral_hub.gateways.mail_message import MailNotSent
from referral_hub.rules.mail import hub_link, plain_value

LINKS = ("link", "end_link")
"""Values that are addresses of this hub."""
_HUB = {"hub": "Referral Hub"}


class MailTemplates:
    """Fills in the templates of a folder."""

    def __init__(self, folder: Path, public_url: str) -> None:
        self._public_url = public_url
        self._templates = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 plain text, each value on one line
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, template: str, values: Mapping[str, str]) -> tuple[str, str]:
        """Return (subject, text). Raises MailNotSent when something is missing or wrong."""
        try:
            filled = {name: plain_value(value) for name, value in (_HUB | dict(values)).items()}
            for name in filled.keys() & LINKS:
                filled[name] = hub_link(self._public_url, filled[name])
            text = self._templates.get_template(f"{template}.txt").render(filled)
        except (TemplateError, ValueError) as error:
            raise MailNotSent(f"its template failed ({type(error).__name__})") from error
        subject, _, body = text.partition("\n")
        return subject, body.strip() + "\n"
