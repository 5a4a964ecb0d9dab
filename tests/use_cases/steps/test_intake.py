"""What a service asks is answered before a referral goes, and goes with the reason for it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from referral_hub.models import Agency, IntakeQuestion, ReferralEvent
from referral_hub.rules.consent import Category
from referral_hub.rules.errors import InvalidInput, NotFound, PreviewChanged
from referral_hub.rules.intake import AnswerKind, Answers, field_of
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import ConflictCheck
from referral_hub.use_cases.conflict_checks import record_conflict_check
from referral_hub.use_cases.draft_referral import Preparation, change_draft
from referral_hub.use_cases.intake_questions import intake_questions
from referral_hub.use_cases.referral_views import ReferralView
from referral_hub.use_cases.share_more import Sharing, share_more
from referral_hub.use_cases.show_draft import DraftView, show_draft
from referral_hub.use_cases.show_referral import show_referral
from tests.referral_acts import SHARED, Played, a_draft, an_expired_one
from tests.referral_world import NOW, VAULT

CHILDREN = "How many children?"
STORY = "What happened with the landlord?"
SECRET = "He changed the locks while she was at work."


def a_question(
    played: Played, text: str, kind: AnswerKind = AnswerKind.TEXT, *, required: bool = False
) -> UUID:
    """A question of the receiver's service."""
    row = IntakeQuestion(
        id=uuid4(), service_id=played.world.receiver.service_id, text=text, answer_kind=kind,
        required=required, position=played.session.query(IntakeQuestion).count(),
    )  # fmt: skip
    played.session.add(row)
    played.session.commit()
    return row.id


def change(played: Played, question_id: UUID, **values: object) -> None:
    row = played.session.get_one(IntakeQuestion, question_id)
    for name, value in values.items():
        setattr(row, name, value)
    played.session.commit()


def answer(played: Played, **answers: object) -> None:
    """Answer by the texts of the questions."""
    asked = {
        row.text: row.id for row in played.session.query(IntakeQuestion).filter_by(retired=False)
    }
    values = {asked[text]: value for text, value in answers.items()}
    preparation = Preparation(
        reason="Lost her job.", categories=SHARED, consent_id=played.consent.id,
        answers=Answers(values),
    )  # fmt: skip
    sender = played.world.sender.case_manager
    change_draft(
        played.session, sender, VAULT, played.referral_id, preparation,
        version=played.row.version, now=NOW,
    )  # fmt: skip


@pytest.fixture
def played(session: Session) -> Played:
    """A draft of a referral to a service that asks two things, and both are answered."""
    played = a_draft(session)
    a_question(played, CHILDREN, AnswerKind.NUMBER, required=True)
    a_question(played, STORY)
    answer(played, **{CHILDREN: 3, STORY: SECRET})
    return played


def id_of(played: Played, text: str) -> UUID:
    return played.session.query(IntakeQuestion.id).filter_by(text=text).one().id


def draft_of(played: Played) -> DraftView:
    played.session.rollback()
    sender = played.world.sender.case_manager
    return show_draft(played.session, sender, VAULT, played.referral_id, now=NOW)


def seen_by_receiver(played: Played) -> ReferralView:
    played.session.rollback()
    receiver = played.world.receiver.intake_worker
    return show_referral(played.session, receiver, VAULT, played.referral_id, now=played.now)


def answers_in(view: ReferralView) -> dict[str, str]:
    return view.disclosed.values["need"]["answers"]


def test_the_receiver_reads_what_the_preview_showed_under_the_questions(played: Played) -> None:
    before = draft_of(played)
    rows = dict(next(each.rows for each in before.preview if each.category is Category.NEED))
    assert (rows[CHILDREN], rows[STORY]) == ("3", SECRET)
    played.move(Move.SEND, preview_digest=before.digest)
    view = seen_by_receiver(played)
    assert view.disclosed.sections == before.preview
    assert answers_in(view) == {CHILDREN: "3", STORY: SECRET}


def test_what_must_be_answered_keeps_it_back_and_what_may_stays_open(played: Played) -> None:
    answer(played)
    field = field_of(id_of(played, CHILDREN))
    assert set(draft_of(played).problems) == {field}
    with pytest.raises(InvalidInput, match="Nothing was sent") as refused:
        played.move(Move.SEND)
    assert refused.value.fields == {
        field: "The service must know this. Answer it: How many children?"
    }
    assert played.row.status == "draft"


def test_what_is_wrong_changes_nothing_of_the_draft(played: Played) -> None:
    with pytest.raises(InvalidInput):
        answer(played, **{CHILDREN: "many"})
    assert [each.answer for each in draft_of(played).questions] == ["3", SECRET]


def test_what_the_service_asks_since_is_asked_before_it_goes(played: Played) -> None:
    later = a_question(played, "Is there a lease?", AnswerKind.YES_NO)
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.SEND)
    assert set(refused.value.fields) == {field_of(later)}
    answer(played, **{CHILDREN: 3, STORY: SECRET})  # it was asked, and left open
    played.move(Move.SEND)
    assert answers_in(seen_by_receiver(played)) == {CHILDREN: "3", STORY: SECRET}


def test_a_question_that_changed_is_asked_again_and_its_answer_kept_to_look_at(
    played: Played,
) -> None:
    question = id_of(played, STORY)
    change(played, question, text="What happened this year?")
    with pytest.raises(InvalidInput) as refused:
        played.move(Move.SEND)
    assert set(refused.value.fields) == {field_of(question)}
    view = draft_of(played)
    (asked,) = [each for each in view.questions if each.before]
    assert (asked.question.text, asked.before, asked.answer) == (
        "What happened this year?", f"{STORY} {SECRET}", SECRET,
    )  # fmt: skip
    assert SECRET not in str(view.preview)


def test_what_is_not_asked_any_more_does_not_go_then_or_later(played: Played) -> None:
    before = draft_of(played)
    change(played, id_of(played, STORY), retired=True)
    with pytest.raises(PreviewChanged):
        played.move(Move.SEND, preview_digest=before.digest)
    played.move(Move.SEND)
    assert answers_in(seen_by_receiver(played)) == {CHILDREN: "3"}
    again(played)
    assert answers_in(seen_by_receiver(played)) == {CHILDREN: "3"}


def again(played: Played) -> None:
    """Share the need once more."""
    sender, sharing = played.world.sender.case_manager, Sharing(frozenset({Category.NEED}))
    played.session.rollback()
    share_more(played.session, sender, VAULT, played.referral_id, sharing, now=NOW)


def test_what_was_sent_stays_as_it_was_asked_whatever_the_service_does(played: Played) -> None:
    played.move(Move.SEND)
    change(played, id_of(played, STORY), text="Does he have a gun?")
    change(played, id_of(played, CHILDREN), retired=True)
    assert answers_in(seen_by_receiver(played)) == {CHILDREN: "3", STORY: SECRET}
    again(played)
    assert answers_in(seen_by_receiver(played)) == {CHILDREN: "3", STORY: SECRET}


def test_who_sends_again_is_asked_nothing_new(session: Session) -> None:
    played = an_expired_one(session)
    a_question(played, CHILDREN, AnswerKind.NUMBER, required=True)
    played.move(Move.RESEND)
    assert played.row.status == "sent"


def test_a_check_for_conflicts_sees_no_answers(played: Played, session: Session) -> None:
    session.get_one(Agency, played.world.receiver.agency_id).conflict_check = True
    session.commit()
    played.move(Move.SEND)
    assert SECRET not in str(seen_by_receiver(played).disclosed)
    receiver = played.world.receiver.intake_worker
    record_conflict_check(
        session, receiver, played.referral_id, ConflictCheck.CLEAR,
        version=played.row.version, now=NOW + timedelta(minutes=1),
    )  # fmt: skip
    played.now += timedelta(minutes=2)
    assert answers_in(seen_by_receiver(played))[STORY] == SECRET


def test_answers_lie_sealed_and_no_event_tells_them(played: Played) -> None:
    played.move(Move.SEND)
    row = played.row
    assert row.answers_sealed is not None
    assert SECRET.encode() not in row.answers_sealed
    told = [event.data for event in played.session.query(ReferralEvent)]
    assert SECRET not in str(told)


def test_who_refers_reads_what_a_service_asks_in_its_order(played: Played) -> None:
    change(played, id_of(played, CHILDREN), position=7)
    sender = played.world.sender
    asked = intake_questions(played.session, sender.application, played.world.receiver.service_id)
    assert [each.text for each in asked.values()] == [STORY, CHILDREN]
    assert asked[id_of(played, CHILDREN)].required
    with pytest.raises(NotFound):
        intake_questions(played.session, sender.application, uuid4())
