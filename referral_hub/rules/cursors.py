"""Where a page of a list ends: opaque to who asks, who sends it back as it was answered."""

from referral_hub.rules.errors import InvalidInput


def no_cursor(field: str = "cursor") -> InvalidInput:
    """The error for a cursor that no page gave."""
    message = "Use the cursor as it was answered, or none to begin."
    return InvalidInput(message, {field: message})
