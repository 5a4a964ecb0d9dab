"""Teams of an agency, with members and supervisors from day to day."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.teams import TeamPart


class Team(Base):
    """A team. Each agency starts with one."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = owner_key("agency")
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TeamMember(Base):
    """Somebody's part in a team: member or supervisor. `until` is the first day no longer."""

    __tablename__ = "team_member"
    __table_args__ = (closed_list("part", TeamPart),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    team_id: Mapped[UUID] = owner_key("team")
    person_id: Mapped[UUID] = owner_key("person")
    part: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
