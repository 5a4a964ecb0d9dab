"""Views of figures as forms name them: a page with what it is asked."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from referral_hub.rules.figure_notes import is_page
from referral_hub.schemas.figure_arguments import ViewArguments
from referral_hub.web.input import load_arguments
from referral_hub.web.own_path import own_path


def view_of(text: str | None) -> str | None:
    """The path of a page with figures, with those parameters that such pages know. None for
    whatever else the text is, and where a parameter has a value that there cannot be."""
    parts = urlsplit(own_path(text))
    given = dict(parse_qsl(parts.query))
    schema = ViewArguments()
    _, faults = load_arguments(schema, given)
    if faults or not is_page(parts.path):
        return None
    asked = urlencode({name: value for name, value in given.items() if name in schema.fields})
    return f"{parts.path}?{asked}" if asked else parts.path
