"""Time zones as people choose them: those of the United States by their names, then all others."""

from collections.abc import Mapping

from referral_hub.rules.setting_kinds import time_zones

_AMERICAN: Mapping[str, str] = {
    "America/New_York": "Eastern Time",
    "America/Chicago": "Central Time",
    "America/Denver": "Mountain Time",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific Time",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Puerto Rico and Virgin Islands",
    "Pacific/Guam": "Guam",
}


def zone_choices() -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Groups of zones: each with a label, and labels by name."""
    others = sorted(time_zones() - _AMERICAN.keys())
    return (
        ("United States", _AMERICAN),
        ("All others", {name: name.replace("_", " ") for name in others}),
    )
