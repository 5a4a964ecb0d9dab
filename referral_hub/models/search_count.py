"""How often what was searched for, for the map of unmet need."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, closed_list
from referral_hub.rules.search_counts import RESULT_BANDS


class SearchCount(Base):
    """How many searches of a day asked for a term in an area and found about so much.

    `term` and `area` are empty where nothing was understood and no place was asked. Words that
    were typed are nowhere.
    """

    __tablename__ = "search_count"
    __table_args__ = (
        closed_list("band", RESULT_BANDS),
        CheckConstraint("searches > 0", name="searches"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    band: Mapped[str] = mapped_column(primary_key=True)
    searches: Mapped[int]
