"""What of somebody's work is overdue."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import Referral, Task
from referral_hub.rules.referral_lifecycle import OPEN, Side
from referral_hub.use_cases.steps.referral_sight import due_at


def overdue_of(
    session: Session, agency_id: UUID, people: Collection[UUID], today: date, now: datetime
) -> Counter[UUID]:
    """How many things of each person are overdue: tasks, and open referrals on which the person
    works for the receiver, or which they sent."""
    late: Counter[UUID] = Counter()
    asked = (
        select(Task.assignee_id, func.count()).where(
            Task.agency_id == agency_id,
            Task.assignee_id.in_(people),
            Task.done_at.is_(None),
            Task.due_on < today,
        ),
        select(Referral.assignee_id, func.count()).where(
            Referral.to_agency_id == agency_id,
            Referral.assignee_id.in_(people),
            Referral.status.in_(OPEN),
            due_at(Side.RECEIVER) < now,
        ),
        select(Referral.sender_id, func.count()).where(
            Referral.from_agency_id == agency_id,
            Referral.sender_id.in_(people),
            Referral.status.in_(OPEN),
            due_at(Side.SENDER) < now,
        ),
    )
    for query in asked:
        for person_id, count in session.execute(query.group_by(query.selected_columns[0])):
            if person_id is not None:
                late[person_id] += count
    return late
