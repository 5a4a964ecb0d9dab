"""Questions that a receiving service asks with each referral."""

from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, closed_list
from referral_hub.rules.intake import AnswerKind


class IntakeQuestion(Base):
    """One question of one service. `choices` are lines of text where the answer is a choice."""

    __tablename__ = "intake_question"
    __table_args__ = (closed_list("answer_kind", AnswerKind),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    answer_kind: Mapped[str] = mapped_column(default=AnswerKind.TEXT)
    choices: Mapped[str | None]
    required: Mapped[bool] = mapped_column(default=False)
    retired: Mapped[bool] = mapped_column(default=False)
