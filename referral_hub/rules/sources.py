"""What sources of listings are called, in the history and for people."""

_MADE_BY = "source:"
_AGENCY, _FEED = "agency:", "feed:"
OF_AGENCY = "A file of the agency"


def source_maker(name: str) -> str:
    """A source as who changed something."""
    return f"{_MADE_BY}{name}"


def made_by_source(label: str) -> str | None:
    """The source that a label names, as a sentence goes on; None for a label of somebody else."""
    name = label.removeprefix(_MADE_BY)
    if name == label:
        return None
    return OF_AGENCY.lower() if name.startswith(_AGENCY) else source_words(name)


def source_words(name: str) -> str:
    """A source as people know it."""
    if name.startswith(_AGENCY):
        return OF_AGENCY
    return name.removeprefix(_FEED)
