"""A browser in a few words."""

import pytest

from referral_hub.web.browsers import label

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
WINDOWS, MAC = "(Windows NT 10.0; Win64; x64)", "(Macintosh; Intel Mac OS X 14_5)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (f"Mozilla/5.0 {WINDOWS} {CHROME} Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 {WINDOWS} {CHROME} Safari/537.36 Edg/140.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 15; K) {CHROME} Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 {MAC} AppleWebKit/605.1 Safari/605.1", "Safari on Mac"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) CriOS/140.0 Safari/604.1", "Chrome on iPhone"),
        ("", "Browser on unknown system"),
        ("<script>", "Browser on unknown system"),
    ],
)  # fmt: skip
def test_a_browser_is_told_by_name_and_system(agent: str, words: str) -> None:
    assert label(agent) == words
