"""How roles, statuses, decisions and acts read on a page."""

from collections.abc import Iterable

from flask import Flask

from referral_hub.rules.agencies import (
    MOVE_MEANING,
    STATUS_LABEL,
    STATUS_MEANING,
    AgencyMove,
    AgencyStatus,
)
from referral_hub.rules.audit_words import sentence_of
from referral_hub.rules.roles import LABEL, MEANING, Role
from referral_hub.rules.teams import TeamPart


def role_label(role: Role) -> str:
    """A role in words."""
    return LABEL[role]


def role_options(roles: Iterable[Role]) -> list[tuple[str, str, str]]:
    """(value, label, meaning) of roles to choose from."""
    return [(role.value, LABEL[role], MEANING[role]) for role in roles]


def status_label(status: AgencyStatus) -> str:
    """A status in a word or two."""
    return STATUS_LABEL[status]


def status_meaning(status: AgencyStatus) -> str:
    """A status in a sentence."""
    return STATUS_MEANING[status]


def move_label(move: AgencyMove) -> str:
    """A decision as the words on its button."""
    return MOVE_MEANING[move].partition(":")[0]


def move_meaning(move: AgencyMove) -> str:
    """A decision with what follows from it."""
    return MOVE_MEANING[move]


def register_role_words(app: Flask) -> None:
    """Give templates these words."""
    for function in (
        role_label, role_options, status_label, status_meaning, move_label, move_meaning,
        sentence_of,
    ):  # fmt: skip
        app.add_template_global(function)
    app.jinja_env.globals["part"] = TeamPart
