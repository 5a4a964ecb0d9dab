"""Why a file cannot be read at all. The message is meant for the person who sent the file."""


class FormatError(ValueError):
    """The file as a whole cannot be read."""


class UnknownFormat(FormatError):
    """The file is none of the understood formats."""


class BadMapping(FormatError):
    """The column mapping of a flat CSV names an unknown target or header, or leaves out a name."""


class BadFile(FormatError):
    """The file is missing, damaged, or an archive that is not safe to open."""
