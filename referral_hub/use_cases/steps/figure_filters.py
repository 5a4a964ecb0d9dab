"""What a filter of figures can be, and how it reads, for who follows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.counting import groups
from referral_hub.gateways.figures.reading import distinct
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import FiguresNotReady
from referral_hub.rules.figure_filters import FILTER_LABEL, SIDE_LABEL, query_with
from referral_hub.rules.figure_query import FIELD_OF, Dimension
from referral_hub.rules.improvements import LONGEST
from referral_hub.rules.referrals import PRIORITY_LABEL
from referral_hub.use_cases.figure_views import Choice
from referral_hub.use_cases.steps.figures import NOT_STATED, Figures, ask, frame_of, group_names
from referral_hub.use_cases.steps.improvements import network_day
from referral_hub.vocabulary import need_words


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
    offered = choices_of(session, actor, vault, figures, now)
    named = {name: dict(choices) for name, choices in offered.items()} | _PLAIN
    if "need" in conditions:
        named["need"] = {conditions["need"]: need_words(conditions["need"])}
    if "service_id" in conditions:
        named["service_id"] = _service(session, actor, vault, figures, conditions, now)
    return tuple(
        f"{FILTER_LABEL[name]}: {named.get(name, {}).get(value, NOT_STATED)}"
        for name, value in conditions.items()
    )


_PLAIN: dict[str, dict[str, str]] = {
    "side": {side.value: label for side, label in SIDE_LABEL.items()},
    "priority": {priority.value: label for priority, label in PRIORITY_LABEL.items()},
}


def _service(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    conditions: Mapping[str, str],
    now: datetime,
) -> dict[str, str]:
    """The name of the service of a filter, where any of the referrals that one oversees is for it:
    of others one learns nothing by guessing."""
    today = network_day(session, now)
    of = {"service_id": conditions["service_id"]}
    try:
        asked = ask(session, actor, figures, query_with(of, today - LONGEST, today), now)
    except FiguresNotReady:
        return {}
    numbers = distinct(groups(asked.view, asked.everything(), Dimension.SERVICE, None))
    return dict(group_names(session, vault, asked.view, Dimension.SERVICE, numbers).values())
