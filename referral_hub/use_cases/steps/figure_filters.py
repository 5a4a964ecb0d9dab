"""What a filter of figures can be, and how it reads, for who follows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import FiguresNotReady
from referral_hub.rules.figure_filters import query_with
from referral_hub.rules.figure_query import FIELD_OF, Dimension, oversight_of
from referral_hub.rules.figure_words import SIDE_LABEL
from referral_hub.rules.improvements import LONGEST
from referral_hub.use_cases.figure_views import Choice, condition_words
from referral_hub.use_cases.steps.figures import NOT_STATED, Figures, ask, asked_by, frame_of
from referral_hub.use_cases.steps.improvements import network_day


def choices_of(
    session: Session, actor: Actor, vault: Vault, figures: Figures, now: datetime
) -> Mapping[str, Sequence[Choice]]:
    """What can be chosen for each field of a filter; nothing before figures are counted."""
    today = network_day(session, now)
    try:
        asked = ask(session, actor, figures, query_with({}, today - LONGEST, today), now)
    except FiguresNotReady:
        return {}
    offered = frame_of(session, vault, asked).choices
    found: dict[str, list[Choice]] = {}
    if not asked.oversight.is_network:
        found["side"] = [(side.value, label) for side, label in SIDE_LABEL.items()]
    for dimension in Dimension:
        if dimension.value in offered:
            found.setdefault(FIELD_OF[dimension], []).extend(offered[dimension.value])
    if "need" in found:
        found["need"] = sorted(set(found["need"]))
    return found


def words_of(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    conditions: Mapping[str, str],
    now: datetime,
) -> tuple[str, ...]:
    """Of which referrals a filter is, in words. What the actor does not oversee has no name."""
    if not conditions:
        return ()
    today = network_day(session, now)
    query = query_with(conditions, today - LONGEST, today)
    try:
        asked = asked_by(session, oversight_of(actor), figures, query, now)
        told = condition_words(query, frame_of(session, vault, asked).choices)
    except FiguresNotReady:
        told = condition_words(query, {}, NOT_STATED)
    return tuple(f"{label}: {words}" for label, words in told)
