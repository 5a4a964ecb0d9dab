"""What sources of listings are called, in the history and for people."""

_MADE_BY = "source:"
_AGENCY, _FEED = "agency:", "feed:"


def source_maker(name: str) -> str:
    """A source as who changed something."""
    return f"{_MADE_BY}{name}"


def made_by_source(label: str) -> str | None:
    """The source that a label names, in words; None for a label of somebody else."""
    if not label.startswith(_MADE_BY):
        return None
    return source_words(label.removeprefix(_MADE_BY))


def source_words(name: str) -> str:
    """A source as people know it."""
    if name.startswith(_AGENCY):
        return "A file of the agency"
    return name.removeprefix(_FEED)
