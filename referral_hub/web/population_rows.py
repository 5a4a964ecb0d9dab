"""How it is for some kinds of people, as rows of a form: those said, and empty ones for more."""

from collections.abc import Mapping, Sequence

from referral_hub.rules.capacity import CapacityState, PopulationWord
from referral_hub.rules.errors import InvalidInput
from referral_hub.schemas.freshness_forms import MOST_ROWS, PopulationForm
from referral_hub.web.input import load_form

Row = Mapping[str, str]
EMPTY_ROWS = 2
_FIELDS = ("population", "state", "available", "maximum")


def population_rows(
    form: Mapping[str, str] | None, said: Sequence[PopulationWord]
) -> tuple[Row, ...]:
    """The rows as they were typed, else as they were said, and some that are empty."""
    rows = _typed(form) if form is not None else [_written(each) for each in said]
    empty = dict.fromkeys(_FIELDS, "")
    return tuple(([*rows, *(empty for _ in range(EMPTY_ROWS))])[:MOST_ROWS])


def read_populations(form: Mapping[str, str]) -> tuple[PopulationWord, ...]:
    """What the rows say. Raises InvalidInput naming the first row in which something is wrong."""
    found = []
    for number, row in enumerate(_typed(form), 1):
        given = {name: value for name, value in row.items() if value}
        values, faults = load_form(PopulationForm(), given)
        if faults:
            message = f"Kind of people {number}: {next(iter(faults.values()))}"
            raise InvalidInput(message, {"populations": message})
        found.append(PopulationWord(**values))
    return tuple(found)


def _typed(form: Mapping[str, str]) -> list[Row]:
    """The rows in which something was typed."""
    rows = (
        {name: form.get(f"{name}-{number}", "").strip() for name in _FIELDS}
        for number in range(1, MOST_ROWS + 1)
    )
    return [row for row in rows if any(row.values())]


def _written(word: PopulationWord) -> Row:
    return {
        "population": word.population,
        "state": CapacityState(word.state).value,
        "available": "" if word.available is None else f"{word.available:g}",
        "maximum": "" if word.maximum is None else f"{word.maximum:g}",
    }
