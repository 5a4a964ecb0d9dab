"""Forms have one look, and none is sent without the token of its page."""

from pathlib import Path

import referral_hub

TEMPLATES = Path(referral_hub.__file__).parent / "templates"
MACROS = TEMPLATES / "macros" / "forms.html"


def test_every_form_that_changes_something_is_made_in_one_file() -> None:
    pages = [path for path in TEMPLATES.rglob("*.html") if path != MACROS]
    assert [path.name for path in pages if 'method="post"' in path.read_text()] == []


def test_every_form_that_is_made_there_carries_the_token() -> None:
    forms = MACROS.read_text().split('method="post"')[1:]
    assert len(forms) == 2
    assert all("{{ token() }}" in form.partition("</form>")[0] for form in forms)
