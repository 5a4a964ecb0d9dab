"""What the network published of its referrals."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime


class Publication(Base):
    """The tables of a quarter, by its first day: made once, never changed.

    `cells` are lists of an agency's id, a domain, a county, an outcome and a count; None is the
    total over a dimension, and as a count that it is hidden.
    """

    __tablename__ = "publication"

    quarter: Mapped[date] = mapped_column(primary_key=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    follow_up_days: Mapped[int]
    cells: Mapped[list[list[Any]]] = mapped_column(JSON)
