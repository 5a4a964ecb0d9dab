"""What people of the demo network searched for, as the hub counts it: needs, areas, about how
many services were found. Some needs are often asked for in vain, so that unmet need shows."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from referral_hub.rules.search_counts import RESULT_BANDS, SearchCell

DAYS = 60
WANTED = {
    "housing.shelter.family": (7, 0.35),
    "housing.keep.rent-assistance": (9, 0.05),
    "housing.keep.eviction-prevention": (6, 0.02),
    "health.care.dental": (5, 0.2),
    "health.substance.detox": (4, 0.55),
    "health.mental.counseling": (6, 0.08),
    "family.child-care.pay": (5, 0.4),
    "family.parenting.baby-items": (4, 0.15),
    "family.care.respite": (2, 0.6),
}
"""By need: searches on a day, and the share of them in vain where most services are."""

AREAS = {"606": (0.6, 1.0), "604": (0.18, 1.6), "600": (0.12, 1.4), "605": (0.1, 2.2)}
"""By area: its share of the searches, and how much more often they are in vain there."""


def demo_searches(today: date) -> Mapping[SearchCell, int]:
    """Counts of the last DAYS days before `today`; the same each time."""
    chance = Random("demo searches")  # noqa: S311 - nothing secret
    shares = [share for share, _ in AREAS.values()]
    counts: Counter[SearchCell] = Counter()
    for back in range(1, DAYS + 1):
        day = today - timedelta(days=back)
        for need, (a_day, in_vain) in WANTED.items():
            for area in chance.choices(list(AREAS), shares, k=chance.randint(1, 2 * a_day - 1)):
                vain = chance.random() < in_vain * AREAS[area][1]
                band = RESULT_BANDS[0] if vain else chance.choice(RESULT_BANDS[1:])
                counts[SearchCell(day, need, area, band)] += 1
    return counts
