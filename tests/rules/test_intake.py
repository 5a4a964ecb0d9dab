"""Answers to what a service asks: taken as the question has them, asked again where it changed."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.intake import (
    AnswerKind,
    Answers,
    Asked,
    Question,
    answers_in_words,
    as_json,
    field_of,
    from_json,
    open_questions,
    still_asked,
    take_answers,
    typed_form,
)

ID = uuid4()
CHILDREN = Question("How many children?", AnswerKind.NUMBER, required=True)
BY_KIND = {
    AnswerKind.TEXT: Question("What happened?"),
    AnswerKind.NUMBER: CHILDREN,
    AnswerKind.DATE: Question("When is court?", AnswerKind.DATE),
    AnswerKind.YES_NO: Question("Is there a lease?", AnswerKind.YES_NO),
    AnswerKind.CHOICE: Question("Which court?", AnswerKind.CHOICE, ("Daley Center", "Markham")),
}


def given(question: Question, value: object) -> Asked:
    (asked,) = take_answers({ID: question}, Answers({ID: value}))
    return asked


def typed(question: Question, text: str, mark: str | None = None) -> Asked:
    shown = {ID: question.mark if mark is None else mark}
    (asked,) = take_answers({ID: question}, Answers({ID: text}, shown))
    return asked


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("text", " She was served. ", "She was served."),
        ("number", 3, "3"),
        ("number", 0, "0"),
        ("number", 2.5, "2.5"),
        ("date", "2026-12-01", "December 1, 2026"),
        ("yes_no", True, "Yes"),
        ("yes_no", False, "No"),
        ("choice", "Markham", "Markham"),
    ],
)
def test_an_answer_of_its_kind_is_taken_and_read_in_words(
    kind: str, value: object, words: str
) -> None:
    question = BY_KIND[AnswerKind(kind)]
    asked = given(question, value)
    assert answers_in_words([asked]) == {question.text: words}
    assert from_json(as_json([asked])) == (asked,)
    assert typed(question, typed_form(asked.value)) == asked


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 3), ("text", True), ("text", ["a"]), ("text", "x" * 2001),
        ("number", "3"), ("number", True), ("number", float("nan")), ("number", float("inf")),
        ("number", 10**400), ("number", {}), ("number", 1e-07), ("number", 0.1234567),
        ("date", "tomorrow"), ("date", "0026-12-01"), ("date", "20261201"), ("date", 20261201),
        ("date", ["2026-12-01"]), ("date", "2026-02-30"), ("date", "2026-W05-1"),
        ("yes_no", "yes"), ("yes_no", 1), ("yes_no", "perhaps"),
        ("choice", "Bridgeview"), ("choice", 1), ("choice", []),
    ],
)  # fmt: skip
def test_an_answer_of_another_kind_is_a_fault_of_its_field(kind: str, value: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        given(BY_KIND[AnswerKind(kind)], value)
    assert set(refused.value.fields) == {field_of(ID)}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", "1,200", 1200), ("number", "-2.50", -2.5), ("number", " 3 ", 3),
        ("yes_no", "no", False), ("text", "3", "3"), ("date", "2026-12-01", "2026-12-01"),
    ],
)  # fmt: skip
def test_what_is_typed_is_read_as_the_question_has_it(kind: str, text: str, value: object) -> None:
    assert typed(BY_KIND[AnswerKind(kind)], text).value == value


@pytest.mark.parametrize("text", ["three", "1,5", "nan", "1e9", "9" * 5000, "--1"])
def test_what_is_typed_as_a_number_and_is_none_is_a_fault(text: str) -> None:
    with pytest.raises(InvalidInput, match="such as 3"):
        typed(CHILDREN, text)


@pytest.mark.parametrize("kind", list(AnswerKind))
def test_a_draft_may_leave_a_question_open(kind: AnswerKind) -> None:
    assert given(BY_KIND[kind], None).value is None
    assert typed(BY_KIND[kind], "  ").value is None
    assert answers_in_words([typed(BY_KIND[kind], "")]) == {}


def test_an_answer_to_what_the_service_does_not_ask_is_a_fault() -> None:
    other = uuid4()
    with pytest.raises(InvalidInput) as refused:
        take_answers({ID: CHILDREN}, Answers({other: "x", ID: "y"}))
    assert set(refused.value.fields) == {field_of(other), field_of(ID)}


def test_an_answer_to_what_was_taken_away_while_somebody_wrote_is_given_back() -> None:
    gone = uuid4()
    with pytest.raises(InvalidInput) as refused:
        take_answers({}, Answers({gone: "He changed the locks."}, {gone: CHILDREN.mark}))
    assert "He changed the locks." in refused.value.fields[field_of(gone)]
    assert take_answers({}, Answers({gone: " "}, {gone: CHILDREN.mark})) == ()


def test_an_answer_to_a_question_that_read_otherwise_on_the_form_is_not_taken() -> None:
    before = replace(CHILDREN, text="How many adults?")
    with pytest.raises(InvalidInput, match="has changed this question"):
        typed(CHILDREN, "3", before.mark)


def test_what_must_be_answered_keeps_a_referral_back() -> None:
    fault = open_questions({ID: CHILDREN}, [given(CHILDREN, None)])
    assert fault == {field_of(ID): "The service must know this. Answer it: How many children?"}
    assert open_questions({ID: CHILDREN}, [given(CHILDREN, 0)]) == {}
    optional = replace(CHILDREN, required=False)
    assert open_questions({ID: optional}, [given(optional, None)]) == {}


@pytest.mark.parametrize(
    "now",
    [
        replace(CHILDREN, text="How many adults?"),
        replace(CHILDREN, kind=AnswerKind.TEXT),
        replace(CHILDREN, choices=("1", "2")),
    ],
)
def test_a_question_that_changed_is_asked_again(now: Question) -> None:
    optional = replace(now, required=False)
    asked = [given(CHILDREN, 3)]
    assert still_asked({ID: optional}, asked) == ()
    assert "added or changed" in open_questions({ID: optional}, asked)[field_of(ID)]


def test_a_question_that_a_form_did_not_show_was_not_asked() -> None:
    later = UUID(int=1)
    questions = {ID: CHILDREN, later: BY_KIND[AnswerKind.TEXT]}
    asked = take_answers(questions, Answers({ID: "3"}, {ID: CHILDREN.mark}))
    assert set(open_questions(questions, asked)) == {field_of(later)}


def test_what_became_required_and_was_answered_stays_answered() -> None:
    optional = replace(CHILDREN, required=False)
    assert open_questions({ID: CHILDREN}, [given(optional, 3)]) == {}


def test_what_is_not_asked_any_more_does_not_go() -> None:
    assert still_asked({}, [given(CHILDREN, 3)]) == ()


def test_two_questions_in_the_same_words_lose_no_answer() -> None:
    asked = [given(CHILDREN, 3), given(CHILDREN, 4)]
    assert answers_in_words(asked) == {"How many children?": "3; 4"}
