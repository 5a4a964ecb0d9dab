"""Who can use a service: its conditions, and what they say of one client.

Each condition answers true, false or unknown. Only a required one that the agency or the listing
itself states can rule a client out; what was inferred from a text, and what is only preferred,
never does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Value = str | float | bool | None


class Kind(StrEnum):
    """What a condition is about. `other` is a text that only people can judge."""

    AGE = "age"
    RESIDENCE = "residence"
    HOUSEHOLD = "household"
    INCOME = "income"
    VETERAN = "veteran"
    DISABILITY = "disability"
    GENDER = "gender"
    PREGNANCY = "pregnancy"
    INSURANCE = "insurance"
    STUDENT = "student"
    LANGUAGE = "language"
    DOCUMENTS = "documents"
    REFERRAL = "referral"
    OTHER = "other"


class Operator(StrEnum):
    """How the values of a condition are meant."""

    BETWEEN = "between"
    AT_MOST = "at_most"
    ONE_OF = "one_of"
    ALL_OF = "all_of"
    IS = "is"
    READ = "read"


class Source(StrEnum):
    """Who says so: the agency here, the listing that was imported, or our reading of its text."""

    AGENCY = "agency"
    IMPORTED = "imported"
    INFERRED = "inferred"


OPERATORS: Mapping[Kind, frozenset[Operator]] = {
    Kind.AGE: frozenset({Operator.BETWEEN}),
    Kind.RESIDENCE: frozenset({Operator.ONE_OF}),
    Kind.HOUSEHOLD: frozenset({Operator.BETWEEN, Operator.IS}),
    Kind.INCOME: frozenset({Operator.AT_MOST}),
    Kind.VETERAN: frozenset({Operator.IS}),
    Kind.DISABILITY: frozenset({Operator.IS}),
    Kind.GENDER: frozenset({Operator.ONE_OF}),
    Kind.PREGNANCY: frozenset({Operator.IS}),
    Kind.INSURANCE: frozenset({Operator.ONE_OF}),
    Kind.STUDENT: frozenset({Operator.IS}),
    Kind.LANGUAGE: frozenset({Operator.ONE_OF}),
    Kind.DOCUMENTS: frozenset({Operator.ALL_OF}),
    Kind.REFERRAL: frozenset({Operator.IS}),
    Kind.OTHER: frozenset({Operator.READ}),
}
"""The operators that each kind knows.

Values by operator: `between` has the least and the most, None for no such end; `at_most` a
percentage of the poverty guideline and its year; `is` one truth value, or "children" of a
household; `one_of` and `all_of` any number of texts; `read` none: the quote is what to read.
Areas of residence are written as `rules.eligibility_areas` has it.
"""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of a service. `quote` is the text that it rests on, if any."""

    kind: Kind
    operator: Operator
    values: tuple[Value, ...]
    required: bool = True
    source: Source = Source.AGENCY
    quote: str = ""


class Outcome(StrEnum):
    """What all conditions together say of a client."""

    ELIGIBLE = "eligible"
    MAYBE = "maybe"
    NOT = "not"


OUTCOME_LABEL: Mapping[Outcome, str] = {
    Outcome.ELIGIBLE: "Eligible",
    Outcome.MAYBE: "Maybe",
    Outcome.NOT: "Not eligible",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one condition says of a client: `met` is None where nobody can say yet.

    `words` is the condition, `fact` what is known of the client, `question` what to ask, if
    anything.
    """

    criterion: Criterion
    met: bool | None
    words: str
    fact: str = ""
    question: str = ""

    @property
    def rules_out(self) -> bool:
        """Whether this alone makes the client not eligible."""
        return (
            self.met is False
            and self.criterion.required
            and self.criterion.source is not Source.INFERRED
        )

    @property
    def is_open(self) -> bool:
        """Whether something must still be asked."""
        doubted = self.met is False and self.criterion.source is Source.INFERRED
        return self.met is None or (doubted and self.criterion.required)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a service's conditions say of a client, one by one and together."""

    outcome: Outcome
    answers: tuple[Answer, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """What to ask, each once. Nothing where the client is ruled out anyway."""
        if self.outcome is Outcome.NOT:
            return ()
        asked = (answer.question for answer in self.answers if answer.is_open)
        return tuple(dict.fromkeys(filter(None, asked)))


def verdict(answers: Iterable[Answer]) -> Verdict:
    """One required false is not; else anything open is maybe; else the client is eligible."""
    given = tuple(answers)
    if any(answer.rules_out for answer in given):
        return Verdict(Outcome.NOT, given)
    if any(answer.is_open for answer in given):
        return Verdict(Outcome.MAYBE, given)
    return Verdict(Outcome.ELIGIBLE, given)


def combined(*groups: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Conditions from several sources, the most trusted first: of one kind only the first's.

    Where an agency has stated anything itself, nothing is inferred from the text any more.
    """
    found: list[Criterion] = []
    for group in groups:
        taken = {each.kind for each in found}
        by_agency = any(each.source is Source.AGENCY for each in found)
        found += [
            each
            for each in group
            if each.kind not in taken and not (by_agency and _is_from_text(each))
        ]
    return tuple(found)


def _is_from_text(criterion: Criterion) -> bool:
    return criterion.source is Source.INFERRED or criterion.kind is Kind.OTHER
