"""What is open now: how old it is, who has the next word, and how the stock grew or shrank."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.counting import ages, flows, is_overdue
from referral_hub.gateways.figures.layout import NOTHING, WAITS, time_of
from referral_hub.gateways.figures.reading import Numbers, distinct
from referral_hub.rules.actor import Actor
from referral_hub.rules.figure_lists import Since
from referral_hub.rules.figure_query import Dimension, FigureQuery
from referral_hub.rules.measured_state import Flow
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_waiting import Waits
from referral_hub.use_cases.figure_views import OverdueOf, Stock, Week
from referral_hub.use_cases.steps.figures import (
    Asked,
    Figures,
    ask,
    frame_of,
    group_names,
    start_of,
    week_starts,
)
from referral_hub.use_cases.transaction import look

WEEKS = 12
NOBODY = "Nobody yet"
_IN = (Flow.SENT, Flow.REOPENED)


def show_stock(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    *,
    now: datetime,
) -> Stock:
    """What is open, whenever it was sent, and the weeks up to the time of the question."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        asked = ask(session, actor, figures, query, now)
        rows = asked.stock()
        late = is_overdue(asked.view, rows)
        return Stock(
            frame=frame_of(session, vault, asked),
            open=len(rows),
            overdue=int(late.sum()),
            oldest_due_at=_oldest(asked, rows[late]),
            since_sent=_by_waits(ages(asked.view, rows, Since.SENT)),
            in_status=_by_waits(ages(asked.view, rows, Since.STATUS)),
            workers=() if asked.oversight.is_network else _workers(session, vault, asked, rows),
            weeks=_weeks(asked, len(rows)),
        )


def _by_waits(counts: Numbers) -> dict[Waits, tuple[int, ...]]:
    return {waits: tuple(map(int, each)) for waits, each in zip(WAITS, counts, strict=True)}


def _oldest(asked: Asked, rows: Numbers) -> datetime | None:
    due = asked.view.state("due")[rows]
    return time_of(int(due.min())) if len(due) else None


def _workers(session: Session, vault: Vault, asked: Asked, rows: Numbers) -> tuple[OverdueOf, ...]:
    """Who works on what is open, by name."""
    view = asked.view
    workers = asked.groups(rows, Dimension.WORKER)
    late = is_overdue(view, rows)
    names = group_names(session, vault, view, Dimension.WORKER, distinct(workers))
    found = []
    for number in (NOTHING, *names):
        mine = workers == number
        person_id, name = names.get(number, ("", NOBODY))
        if mine.any():
            oldest = _oldest(asked, rows[mine & late])
            found.append(
                OverdueOf(person_id, name, int(mine.sum()), int((mine & late).sum()), oldest)
            )
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def _weeks(asked: Asked, open_now: int) -> tuple[Week, ...]:
    """The last weeks up to the time of the question; counted back from what is open then."""
    last = (time_of(asked.view.now) or asked.view.until) - timedelta(seconds=1)
    until = last.astimezone(asked.zone).date()
    mondays = week_starts(until + timedelta(days=1), WEEKS)
    edges = [start_of(day, asked.zone) for day in mondays]
    found = flows(asked.view, asked.ever_sent(), edges)
    weeks, closing = [], open_now
    for monday, flow in reversed([*zip(mondays, found, strict=False)]):
        change = sum(n if each in _IN else -n for each, n in flow.items() if each is not Flow.NONE)
        weeks.append(Week(monday, closing - change, flow, closing))
        closing -= change
    return tuple(reversed(weeks))
