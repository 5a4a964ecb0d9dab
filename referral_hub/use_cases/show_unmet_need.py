"""Where people find no help: searches without results, and referrals for which there was no
place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from referral_hub.gateways.figures.needs import NeedRows, is_out_of_capacity
from referral_hub.rules.actor import Actor
from referral_hub.rules.figure_query import FigureQuery, oversight_of
from referral_hub.rules.figure_whose import Whose
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.quality import area_label
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.use_cases.steps.area_points import Gazetteer, Places, place_of_area
from referral_hub.use_cases.steps.figures import Asked, Figures, ask, whose
from referral_hub.use_cases.steps.network import network_setting
from referral_hub.use_cases.steps.unfound_searches import Unfound, unfound_searches
from referral_hub.use_cases.transaction import look
from referral_hub.vocabulary import need_words

UNMET_DAYS = 90


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """What was not found in an area, or of a kind. `no_place` are needs that every agency declined
    for want of a free place, by where the first service was."""

    key: str
    label: str
    searches: int
    no_place: int
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class UnmetNeeds:
    """Unmet need of the last days, by area and by kind of need, the most first. `query` is of the
    referrals whose needs they are."""

    days: int
    query: FigureQuery
    as_of: datetime
    is_network: bool
    whose: Whose
    by_area: tuple[UnmetNeed, ...]
    by_domain: tuple[UnmetNeed, ...]
    unfound: tuple[Unfound, ...] = field(default=())


def show_unmet_need(
    session: Session,
    actor: Actor,
    figures: Figures,
    gazetteer: Gazetteer,
    places: Places,
    *,
    need: str = "",
    now: datetime,
) -> UnmetNeeds:
    """Where people of the network found no help in the last 90 days. What was searched is counted
    for all; needs are those of the referrals that the viewer's agency sent. Whoever oversees the
    network sees searches alone: why a referral was declined is told to its agencies."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        zone = ZoneInfo(str(network_setting(session, "time_zone")))
        today = now.astimezone(zone).date() + timedelta(days=1)
        side = None if oversight_of(actor).is_network else Side.SENDER
        query = FigureQuery(today - timedelta(days=UNMET_DAYS), today, side=side)
        asked = ask(session, actor, figures, query, now)
        unfound = tuple(unfound_searches(session, need, "", query.since))
        by_area, by_domain = _no_place(asked, need)
        return UnmetNeeds(
            days=UNMET_DAYS,
            query=query,
            as_of=asked.view.until,
            is_network=asked.oversight.is_network,
            whose=whose(session, asked.oversight),
            by_area=_by_area(unfound, by_area, gazetteer, places),
            by_domain=_by_domain(unfound, by_domain),
            unfound=unfound,
        )


Counts = Mapping[str, int]


def _no_place(asked: Asked, need: str) -> tuple[Counts, Counts]:
    """Needs without a place, by area and by domain."""
    if asked.oversight.is_network:
        return {}, {}
    view = asked.view
    needs = NeedRows.of(view, asked.cohort())
    first = needs.first[is_out_of_capacity(needs)]
    codes, areas = view.texts("need_code"), view.texts("area")
    pairs: dict[tuple[str, ...], int] = {}
    for row in first.tolist():
        code = codes[view.referrals["need_code"][row]]
        if need and not f"{code}.".startswith(f"{need}."):
            continue
        key = (areas[view.referrals["area"][row]], code.partition(".")[0])
        pairs[key] = pairs.get(key, 0) + 1
    return _sums(pairs, 0), _sums(pairs, 1)


def _sums(pairs: Mapping[tuple[str, ...], int], place: int) -> Counts:
    found: dict[str, int] = {}
    for pair, number in pairs.items():
        found[pair[place]] = found.get(pair[place], 0) + number
    return found


def _by_area(
    unfound: Iterable[Unfound], no_place: Counts, gazetteer: Gazetteer, places: Places
) -> tuple[UnmetNeed, ...]:
    searches: dict[str, int] = {}
    for each in unfound:
        searches[each.area] = searches.get(each.area, 0) + each.unfound
    found = []
    for key in searches.keys() | no_place.keys():
        place = place_of_area(key, gazetteer, places)
        point = (None, None) if place is None else (place.latitude, place.longitude)
        found.append(
            UnmetNeed(key, area_label(key), searches.get(key, 0), no_place.get(key, 0), *point)
        )
    return _ordered(found)


def _by_domain(unfound: Iterable[Unfound], no_place: Counts) -> tuple[UnmetNeed, ...]:
    searches: dict[str, int] = {}
    for each in unfound:
        domain = each.term.partition(".")[0]
        searches[domain] = searches.get(domain, 0) + each.unfound
    keys = searches.keys() | no_place.keys()
    return _ordered(
        UnmetNeed(key, _domain_words(key), searches.get(key, 0), no_place.get(key, 0))
        for key in keys
    )


def _domain_words(domain: str) -> str:
    return need_words(domain) if domain else "Nothing understood"


def _ordered(found: Iterable[UnmetNeed]) -> tuple[UnmetNeed, ...]:
    return tuple(sorted(found, key=lambda each: (-each.searches, -each.no_place, each.key)))
