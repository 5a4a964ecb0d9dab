"""What a service asks with each referral, and whether it was answered.

What was asked is kept as it was then, with its answer. A question that reads otherwise now, or
whose answer is of another kind, is another question: it is asked again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from json import dumps
from typing import Any
from uuid import UUID

from referral_hub.rules.consent_days import YEARS
from referral_hub.rules.errors import InvalidInput

MOST_ANSWER = 2000
LARGEST = 10**12
NOT_ASKED = "The service does not ask this. Leave it out."
ANSWER = "answers."
SHOWN = "shown."
_NUMBER = re.compile(r"-?(\d{1,13}|\d{1,3}(,\d{3}){1,4})(\.\d{1,6})?")
Value = str | bool | int | float


class AnswerKind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a service. Whether it must be answered does not make it another one."""

    text: str
    kind: AnswerKind = AnswerKind.TEXT
    choices: tuple[str, ...] = ()
    required: bool = field(default=False, compare=False)

    @property
    def mark(self) -> str:
        """Stands for the question as it is: another one where it is another question."""
        facts = [self.text, self.kind, *self.choices]
        return sha256(dumps(facts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked, and the answer; None where it was left open."""

    question_id: UUID
    question: Question
    value: Value | None


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by question. `shown` are the marks of the questions that a form showed, and the
    answers are texts as somebody typed them; without it they are values, and whoever gives them
    was asked what the service asks now."""

    values: Mapping[UUID, Any] = field(default_factory=dict)
    shown: Mapping[UUID, str] | None = None


def take_answers(questions: Mapping[UUID, Question], answers: Answers) -> tuple[Asked, ...]:
    """What was asked, with the answers. What is left open is no fault here: a draft need not be
    complete. Raises InvalidInput naming every answer that cannot be taken."""
    shown = answers.shown
    faults = {
        field_of(each): NOT_ASKED
        if shown is None
        else f"The service took this question away while you wrote. You had answered: {value}"
        for each, value in answers.values.items()
        if each not in questions and (shown is None or value.strip())
    }
    found = []
    for question_id, question in questions.items():
        if shown is not None and question_id not in shown:
            continue
        value = answers.values.get(question_id)
        if shown is not None:
            value = _typed(question, str(value or ""))
        if shown is not None and shown[question_id] != question.mark:
            fault = "The service has changed this question since you looked. Read it again."
        else:
            fault = _fault(question, value)
        if fault:
            faults[field_of(question_id)] = fault
        value = value.strip() or None if isinstance(value, str) else value
        found.append(Asked(question_id, question, value))
    if faults:
        listed = " ".join(f"{name}: {message}" for name, message in faults.items())
        raise InvalidInput(f"Some answers cannot be used. {listed}", faults)
    return tuple(found)


def still_asked(questions: Mapping[UUID, Question], asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Of what was asked, that which the service asks now in the same words."""
    known = {each.question_id: each for each in asked}
    return tuple(
        known[question_id]
        for question_id, question in questions.items()
        if question_id in known and known[question_id].question == question
    )


def open_questions(questions: Mapping[UUID, Question], asked: Iterable[Asked]) -> dict[str, str]:
    """What is to be asked before a referral goes, by the name of its field: what must be answered
    and is not, and what was never asked as it is now."""
    values = {each.question_id: each.value for each in still_asked(questions, asked)}
    found = {}
    for question_id, question in questions.items():
        if question_id not in values:
            found[field_of(question_id)] = (
                f"The service has added or changed a question. Answer it: {question.text}"
            )
        elif question.required and values[question_id] is None:
            found[field_of(question_id)] = f"The service must know this. Answer it: {question.text}"
    return found


def answers_in_words(asked: Iterable[Asked]) -> dict[str, str]:
    """Answers as people read them, by the text of their question; what was left open is left out.
    Two questions with the same text share a line."""
    found: dict[str, str] = {}
    for each in asked:
        if each.value is not None:
            words, text = _words(each), each.question.text
            found[text] = f"{found[text]}; {words}" if text in found else words
    return found


def typed_form(value: Value | None) -> str:
    """An answer as a form has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def field_of(question_id: UUID) -> str:
    """The name of the field of an answer."""
    return f"{ANSWER}{question_id}"


def shown_by(question_id: UUID) -> str:
    """The name of the field by which a form says as what it showed a question."""
    return f"{SHOWN}{question_id}"


def as_json(asked: Iterable[Asked]) -> list[dict[str, Any]]:
    """What was asked, to be stored."""
    return [
        {
            "id": str(each.question_id), "text": each.question.text, "kind": each.question.kind,
            "choices": each.question.choices, "value": each.value,
        }
        for each in asked
    ]  # fmt: skip


def from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[Asked, ...]:
    """What was stored."""
    return tuple(
        Asked(
            UUID(each["id"]),
            Question(each["text"], AnswerKind(each["kind"]), tuple(each["choices"])),
            each["value"],
        )
        for each in stored
    )


def _typed(question: Question, text: str) -> Value | None:
    """What somebody typed, as a value; as it is where it is none of the question's kind."""
    text = text.strip()
    if not text:
        return None
    if question.kind is AnswerKind.YES_NO:
        return {"yes": True, "no": False}.get(text, text)
    if question.kind is AnswerKind.NUMBER:
        if not _NUMBER.fullmatch(text):
            return text
        plain = text.replace(",", "")
        return float(plain) if "." in plain else int(plain)
    return text


def _fault(question: Question, value: Any) -> str:
    """What is wrong with an answer, or nothing."""
    if value is None:
        return ""
    match question.kind:
        case AnswerKind.YES_NO:
            return "" if isinstance(value, bool) else "Answer with yes or no (true or false)."
        case AnswerKind.NUMBER:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            fits = is_number and -LARGEST <= value <= LARGEST and round(value, 6) == value
            return "" if fits else "Answer with a number, such as 3 or 2.5."
        case AnswerKind.DATE:
            return "" if _is_day(value) else "Answer with a date, such as 2026-05-31."
        case AnswerKind.CHOICE:
            listed = "; ".join(question.choices)
            return "" if value in ("", *question.choices) else f"Choose one of these: {listed}."
        case AnswerKind.TEXT:
            fits = isinstance(value, str) and len(value) <= MOST_ANSWER
            return "" if fits else f"Answer with a text of at most {MOST_ANSWER} characters."


def _is_day(value: Any) -> bool:
    if value == "":
        return True
    try:
        day = date.fromisoformat(value)
        return day.isoformat() == value and day.year in YEARS
    except (TypeError, ValueError):
        return False


def _words(asked: Asked) -> str:
    value = asked.value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if asked.question.kind is AnswerKind.DATE:
        day = date.fromisoformat(str(value))
        return f"{day:%B} {day.day}, {day.year}"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)
