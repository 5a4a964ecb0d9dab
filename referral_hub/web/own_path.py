"""Where to go on: only to the hub's own pages, whatever an address says."""

from urllib.parse import urlsplit

START = "/"
_NO_AIMS = ("/sign-in", "/sign-out")


def own_path(text: str | None) -> str:
    """The text if it is a path of this site to go on to, else the front page.

    Browsers take "//host", "/\\host" and paths with line breaks in them for other sites.
    """
    if not text or not text.startswith("/") or text.startswith("//"):
        return START
    if "\\" in text or not text.isprintable():
        return START
    try:
        parts = urlsplit(text)
    except ValueError:
        return START
    is_aim = not parts.path.startswith(_NO_AIMS)
    return text if is_aim and not parts.scheme and not parts.netloc else START
