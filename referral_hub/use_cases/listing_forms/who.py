"""The conditions of a service as a form of plain questions.

Of each kind the form holds one condition that the agency states; more of a kind, or one that the
form cannot say, stay as they are and are shown beside it. An age also becomes HSDS `minimum_age`
and `maximum_age`, so that other systems read it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from referral_hub.rules.coverage import read_coverage
from referral_hub.rules.eligibility import Criterion, Kind, Operator, Source, Value
from referral_hub.rules.eligibility_areas import area_words, named_area, written_area
from referral_hub.rules.eligibility_words import criterion_words
from referral_hub.rules.listing_sections import Who
from referral_hub.rules.listings import RowEdit
from referral_hub.rules.poverty import LATEST
from referral_hub.rules.three_way import lines_of
from referral_hub.use_cases.listing_forms.editing import (
    Editing,
    Record,
    Texts,
    changed,
    next_position,
    removed,
)

TABLE = "service_criterion"
PREFERRED = "who.preferred"
Values = tuple[Value, ...]
OTHER = "who.other"


@dataclass(frozen=True, slots=True)
class Question:
    """A kind of condition as one or two fields: texts from values, None where they cannot say
    them, and values from texts."""

    kind: Kind
    operator: Operator
    names: tuple[str, ...]
    write: Callable[[Values], tuple[str, ...] | None]
    read: Callable[[tuple[str, ...], Editing], Values]


def read_who(part: Who, editing: Editing) -> dict[str, str]:
    """The conditions that the agency states, as texts."""
    texts = {each.name: "" for each in part.fields}
    preferred = []
    for question, row in _answered(editing.rows(TABLE)):
        written = question.write(tuple(row.values)) or ()
        texts |= dict(zip(question.names, written, strict=True))
        if not row.required:
            preferred.append(str(question.kind))
    if not texts["who.age_from"] and not texts["who.age_to"]:
        low, high = editing.record.minimum_age, editing.record.maximum_age
        texts |= {"who.age_from": _number_text(low or None), "who.age_to": _number_text(high)}
    texts[OTHER] = "\n".join(_quote(row) for row in editing.rows(TABLE) if _is_other(row))
    texts[PREFERRED] = "\n".join(dict.fromkeys(preferred))
    return texts


def kept_conditions(editing: Editing) -> list[str]:
    """Stated conditions that the form has no room for, in words."""
    shown = {row.id for _, row in _answered(editing.rows(TABLE))}
    return [
        criterion_words(criterion_of(row))
        for row in editing.rows(TABLE)
        if row.id not in shown and not _is_other(row)
    ]


def write_who(part: Who, editing: Editing, before: Texts, after: Texts) -> list[RowEdit]:
    """Conditions that come, go or say something else."""
    if all(before.get(each.name, "") == after.get(each.name, "") for each in part.fields):
        return []
    typed = {each.name: after.get(each.name, "") for each in part.fields}
    for each in part.fields:
        if typed[each.name] != before.get(each.name, ""):
            editing.value(each, each.name, typed[each.name])
    if editing.faults:
        return []
    rows = editing.rows(TABLE)
    held = {(question.kind, question.operator): row for question, row in _answered(rows)}
    preferred = set(lines_of(typed[PREFERRED]))
    position = next_position(rows)
    edits: list[RowEdit] = []
    for question in QUESTIONS:
        texts = tuple(typed[name] for name in question.names)
        row = held.get((question.kind, question.operator))
        was = tuple(before.get(name, "") for name in question.names)
        required = str(question.kind) not in preferred
        if not any(texts):
            edits += [removed(TABLE, row)] if row is not None else []
            continue
        same = texts == was
        values = tuple(row.values) if row is not None and same else _read(question, texts, editing)
        if row is None and texts == was and required:
            continue  # an age that only the record's own fields state
        said = {"values": list(values), "required": required}
        if row is not None:
            edits += changed(TABLE, row.id, row, said)
        else:
            said |= {
                "kind": str(question.kind), "operator": str(question.operator),
                "source": str(Source.AGENCY), "quote": None,
            }  # fmt: skip
            edits.append(editing.added(TABLE, said, position))
            position += 1
    edits += _others(editing, rows, typed[OTHER], position)
    return [*edits, *_ages(editing, typed)]


def condition_edits(editing: Editing, criterion: Criterion) -> list[RowEdit]:
    """A condition that was read out of a text and is stated by the agency from now on."""
    position = next_position(editing.rows(TABLE))
    values: dict[str, Any] = {
        "kind": str(criterion.kind), "operator": str(criterion.operator),
        "values": list(criterion.values), "required": criterion.required,
        "source": str(Source.AGENCY), "quote": criterion.quote or None,
    }  # fmt: skip
    edits = [editing.added(TABLE, values, position)]
    if criterion.kind is Kind.AGE:
        ages = {"minimum_age": criterion.values[0], "maximum_age": criterion.values[1]}
        edits += changed("service", editing.listing.id, editing.record, ages)
    return edits


def criterion_of(row: Record) -> Criterion:
    """A stored condition."""
    return Criterion(
        Kind(row.kind), Operator(row.operator), tuple(row.values), row.required,
        Source(row.source), row.quote or "",
    )  # fmt: skip


def stated_kinds(editing: Editing) -> frozenset[Kind]:
    """The kinds of which the agency states a condition."""
    return frozenset(Kind(row.kind) for row in editing.rows(TABLE) if row.source == Source.AGENCY)


def _answered(rows: Iterable[Record]) -> list[tuple[Question, Record]]:
    """Each question with the first condition that answers it."""
    found: dict[tuple[Kind, Operator], tuple[Question, Record]] = {}
    for row in rows:
        question = _BY_KIND.get((Kind(row.kind), Operator(row.operator)))
        if question is None or row.source != Source.AGENCY:
            continue
        if question.write(tuple(row.values)) is not None:
            found.setdefault((question.kind, question.operator), (question, row))
    return list(found.values())


def _is_other(row: Record) -> bool:
    return row.kind == Kind.OTHER and row.source == Source.AGENCY and bool(row.quote)


def _quote(row: Record) -> str:
    return " ".join(row.quote.split())


def _others(editing: Editing, rows: list[Record], text: str, position: int) -> list[RowEdit]:
    wanted = lines_of(text)
    held = [row for row in rows if _is_other(row)]
    said = {_quote(row) for row in held}
    edits = [removed(TABLE, row) for row in held if _quote(row) not in wanted]
    for line in wanted:
        if line not in said:
            values = {
                "kind": str(Kind.OTHER), "operator": str(Operator.READ), "values": [],
                "required": True, "source": str(Source.AGENCY), "quote": line,
            }  # fmt: skip
            edits.append(editing.added(TABLE, values, position))
            position += 1
    return edits


def _ages(editing: Editing, typed: Texts) -> list[RowEdit]:
    low, high = (_number(typed[name]) for name in ("who.age_from", "who.age_to"))
    record = editing.record
    if (record.minimum_age or None, record.maximum_age) == (low or None, high):
        return []
    ages = {"minimum_age": low, "maximum_age": high}
    return changed("service", editing.listing.id, record, ages)


def _read(question: Question, texts: tuple[str, ...], editing: Editing) -> Values:
    try:
        return question.read(texts, editing)
    except ValueError as error:
        editing.faults[question.names[0]] = str(error)
        return ()


def _number(text: str) -> float | None:
    return float(text.replace(",", "")) if text.strip() else None


def _number_text(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, int | float) else ""


def _write_between(values: Values) -> tuple[str, ...] | None:
    return (_number_text(values[0]), _number_text(values[1])) if len(values) == 2 else None


def _read_between(most: float, what: str) -> Callable[[tuple[str, ...], Editing], Values]:
    def read(texts: tuple[str, ...], _editing: Editing) -> Values:
        low, high = (_number(text) for text in texts)
        if any(value is not None and not 0 <= value <= most for value in (low, high)):
            raise ValueError(f"Use {what} from 0 to {most:g}.")
        if low is not None and high is not None and low > high:
            raise ValueError("The first number is larger than the second.")
        return (low or None, high)

    return read


def _write_income(values: Values) -> tuple[str, ...] | None:
    return (_number_text(values[0]),) if len(values) == 2 else None


def _read_income(texts: tuple[str, ...], _editing: Editing) -> Values:
    percent = _number(texts[0])
    if percent is None or not 1 <= percent <= 1000:
        raise ValueError("Use a percentage from 1 to 1000, such as 200.")
    return (percent, LATEST)


def _write_is(yes: Value) -> Callable[[Values], tuple[str, ...] | None]:
    def write(values: Values) -> tuple[str, ...] | None:
        if values == (False,):
            return ("no",)
        return ("yes",) if values == (yes,) else None

    return write


def _read_is(yes: Value) -> Callable[[tuple[str, ...], Editing], Values]:
    return lambda texts, _editing: (yes,) if texts[0] == "yes" else (False,)


def _write_list(values: Values) -> tuple[str, ...] | None:
    return ("\n".join(map(str, values)),)


def _read_list(texts: tuple[str, ...], _editing: Editing) -> Values:
    return tuple(lines_of(texts[0]))


def _write_ticks(*allowed: str) -> Callable[[Values], tuple[str, ...] | None]:
    return lambda values: _write_list(values) if set(values) <= set(allowed) else None


def _read_ticks(*allowed: str) -> Callable[[tuple[str, ...], Editing], Values]:
    def read(texts: tuple[str, ...], _editing: Editing) -> Values:
        chosen = lines_of(texts[0])
        if not set(chosen) <= set(allowed):
            raise ValueError("Choose only from the list.")
        return tuple(each for each in allowed if each in chosen)

    return read


def _write_areas(values: Values) -> tuple[str, ...] | None:
    """Circles are drawn as the area of the service, not here."""
    if any(str(value).startswith("circle:") for value in values):
        return None
    return ("\n".join(_area_line(str(value)) for value in values),)


def _area_line(value: str) -> str:
    words = area_words(value)
    return (
        words.removeprefix("ZIP code ")
        .removeprefix("Anywhere in the ")
        .removeprefix("Anywhere in ")
    )


def _read_areas(texts: tuple[str, ...], editing: Editing) -> Values:
    found: list[str] = []
    counties = editing.gazetteer.county_keys()
    for line in lines_of(texts[0]):
        read = read_coverage({"name": line}, editing.state, counties)
        found += [written_area(area) for area in read] or [named_area(line)]
    return tuple(dict.fromkeys(found))


def _yes_no(kind: Kind, name: str, yes: Value = True) -> Question:
    return Question(kind, Operator.IS, (name,), _write_is(yes), _read_is(yes))


_INSURANCES = ("medicaid", "medicare", "private", "none", "any")
QUESTIONS = (
    Question(
        Kind.AGE, Operator.BETWEEN, ("who.age_from", "who.age_to"), _write_between,
        _read_between(120, "ages"),
    ),
    Question(Kind.RESIDENCE, Operator.ONE_OF, ("who.residence",), _write_areas, _read_areas),
    Question(
        Kind.HOUSEHOLD, Operator.BETWEEN, ("who.size_from", "who.size_to"), _write_between,
        _read_between(30, "numbers of people"),
    ),
    _yes_no(Kind.HOUSEHOLD, "who.children", "children"),
    Question(Kind.INCOME, Operator.AT_MOST, ("who.income",), _write_income, _read_income),
    Question(
        Kind.GENDER, Operator.ONE_OF, ("who.gender",), _write_ticks("women", "men"),
        _read_ticks("women", "men"),
    ),
    _yes_no(Kind.VETERAN, "who.veteran"),
    _yes_no(Kind.DISABILITY, "who.disability"),
    _yes_no(Kind.PREGNANCY, "who.pregnancy"),
    _yes_no(Kind.STUDENT, "who.student"),
    Question(
        Kind.INSURANCE, Operator.ONE_OF, ("who.insurance",), _write_ticks(*_INSURANCES),
        _read_ticks(*_INSURANCES),
    ),
    Question(Kind.LANGUAGE, Operator.ONE_OF, ("who.language",), _write_list, _read_list),
    _yes_no(Kind.REFERRAL, "who.referral"),
)  # fmt: skip
_BY_KIND: Mapping[tuple[Kind, Operator], Question] = {
    (each.kind, each.operator): each for each in QUESTIONS
}


def confirmed(criterion: Criterion) -> Criterion:
    """A suggestion as the agency states it."""
    return replace(criterion, source=Source.AGENCY)
