"""The hub's own taxonomy of needs: what people need help with, and how they say it."""

from referral_hub.vocabulary.needs_reader import Need, children, needs

__all__ = ["Need", "children", "needs"]
