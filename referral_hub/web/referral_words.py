"""How parts of referrals and consent read on a page."""

from flask import Flask

from referral_hub.rules.consent import LABEL, Category


def category_label(category: Category) -> str:
    """What can be shared, in words."""
    return LABEL[category]


def register_referral_words(app: Flask) -> None:
    """Give templates these words."""
    app.add_template_global(category_label)
