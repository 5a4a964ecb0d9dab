"""Everything that happened in the demo network up to now, in one transaction."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Referral
from referral_hub.rules.actor import Person as Acting
from referral_hub.use_cases.keep_caseloads import keep_caseloads
from referral_hub.use_cases.transaction import transaction
from seed.casework import talks
from seed.casework.cases import Case, Order
from seed.casework.cast import Company, cast
from seed.casework.chance import Chance
from seed.casework.handover import hand_over, look_at_own_load
from seed.casework.scenes import FRONT_DOOR, scenes
from seed.casework.spoken import say_languages
from seed.casework.stage import WORKER, Stage
from seed.casework.timeline import Story, Timeline, hours_around
from seed.demo_people import demo_agencies

REFERRALS = 2000
PER_CLIENT = 5
SPAN = timedelta(days=425)
HANDED_OVER = timedelta(days=24)
SEED = "demo network"
SENDING = {
    "Front Door Network": 34, "First Winter Welcome": 15, "Southland Hearth": 11,
    "Lanternlight Shelters": 10, "Puerta Clara Health Center": 9, "Sprout Street Family Center": 8,
    "Stillwater Counseling Collective": 5, "Safe Lantern": 4, "Harbor Street Homes": 3,
    "Prairie Tenant Law": 1,
}  # fmt: skip
"""How much of all each agency sends."""


def load_casework(
    session: Session,
    vault: Vault,
    *,
    now: datetime,
    count: int = REFERRALS,
    on_day: Callable[[int], None] = lambda day: None,
) -> int:
    """Let everything happen that leads to so many referrals, and return how many there are now.

    Where there are referrals already, or the agencies came too late for it, nothing happens. The
    same hour gives the same stories. `on_day` is told which day of work it is.
    """
    if not count or session.scalar(select(Referral.id).limit(1)) is not None:
        return 0
    now = now.replace(minute=0, second=0, microsecond=0)
    if not _were_there(session, now - SPAN):
        return 0
    chance = Chance(SEED)
    with transaction(session), _no_collecting():
        timeline = Timeline(now)
        stage = Stage(session, vault, cast(session, vault), hours_around(now), timeline, now)
        cases = _cases(stage, chance, count)
        for case in cases:
            timeline.add(case.orders[0].at - timedelta(minutes=50), case.story())
        timeline.add(now - HANDED_OVER, hand_over(stage, cases))
        until = _last_read(stage)
        timeline.add(now - talks.BEGIN, talks.talk(stage))
        for number, moment in enumerate(_ticks(stage, now)):
            timeline.add(moment, _tick(stage, moment, until, partial(on_day, number // 2)))
        timeline.run()
        timeline.now = now
        talks.propose_a_decline(stage)
        stage.let_worker_work()
        say_languages(stage)
        look_at_own_load(stage)
        keep_caseloads(session, WORKER, now=now)
    return sum(len(case.sent) for case in cases)


def _were_there(session: Session, at: datetime) -> bool:
    """Whether the agencies of the demo took part then."""
    names = {agency.name for agency in demo_agencies()}
    early = select(Agency.name).where(Agency.name.in_(names), Agency.created_at < at)
    return set(session.scalars(early)) == names


def _cases(stage: Stage, chance: Chance, count: int) -> list[Case]:
    """Who comes to which agency, and when which referral is made."""
    settled = scenes(stage, chance) if count >= REFERRALS else []
    left = count - sum(len(case.orders) for case in settled)
    clients = max(1, left // PER_CLIENT)
    shares = [0] * clients
    for _ in range(left):
        shares[min(chance.randrange(clients), chance.randrange(clients))] += 1
    found = settled
    for share in shares:
        if share:
            found.append(_case(stage, chance, len(found), share))
    return found


def _case(stage: Stage, chance: Chance, number: int, orders: int) -> Case:
    company = stage.companies[chance.one_of(SENDING)]
    worker = _worker(company, chance)
    begun = stage.end - SPAN * (1 - chance.random() ** 0.85)
    rest = (stage.end - begun) * chance.uniform(0.25, 1)
    moments = sorted(begun + rest * chance.random() for _ in range(orders))
    at = [stage.hours.after(moment, chance.uniform(0.1, 7.5)) for moment in moments]
    at = [min(moment, stage.end - timedelta(minutes=5)) for moment in sorted(at)]
    return Case(
        stage, Chance(chance.random()), number, company, worker, [Order(moment) for moment in at],
        stays=chance.happens(0.35) and number % 3 == 0,
    )  # fmt: skip


def _worker(company: Company, chance: Chance) -> Acting:
    """Who has the most scenes has fewer of the rest."""
    shares = [0.35 if company.name == FRONT_DOOR else 1, *[1] * len(company.senders)]
    return chance.choices(company.senders, shares[: len(company.senders)])[0]


def _ticks(stage: Stage, now: datetime) -> Iterator[datetime]:
    """When the worker looks, which in truth looks all the time: often enough."""
    for opening in stage.hours.days(now - SPAN - timedelta(days=10), now):
        yield opening + timedelta(minutes=1)
        yield opening + timedelta(hours=8, minutes=1)


def _last_read(stage: Stage) -> datetime:
    """When everybody read their news for the last time: the news of the last day is new."""
    begin, end = stage.end - timedelta(days=10), stage.end - timedelta(hours=4)
    return list(stage.hours.days(begin, end))[-1]


def _tick(stage: Stage, moment: datetime, until: datetime, tell: Callable[[], None]) -> Story:
    tell()
    stage.let_worker_work()
    if moment < until and (moment.day == 1 or until - moment < timedelta(days=4)):
        stage.read_news()
    return
    yield


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Many objects come and stay, of which none is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
