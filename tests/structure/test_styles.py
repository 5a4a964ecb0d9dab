"""The style sheet of components holds all that the pages use."""

import re
from pathlib import Path

import referral_hub

PACKAGE = Path(referral_hub.__file__).parent
CLASS = re.compile(r"\b(usa-[a-z]+(?:-[a-z]+)*)")


def test_every_component_of_a_page_is_kept_in_the_style_sheet() -> None:
    kept = set(re.findall(r'"(usa-[a-z-]+)"', (PACKAGE / "static" / "vendor.mjs").read_text()))
    used = {
        (name, path.name)
        for path in (PACKAGE / "templates").rglob("*.html")
        for name in CLASS.findall(path.read_text())
    }
    assert {(name, page) for name, page in used if name not in kept} == set()
