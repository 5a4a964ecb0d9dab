"""Records with several fields each as a form: phones, contacts, prices, questions.

The name of a field is its table, the id of its record and its column, with dots between. A record
is new where its id is none; one whose fields are all empty is removed.
"""

from collections.abc import Iterator, Mapping
from uuid import UUID

from referral_hub.models import table_of
from referral_hub.rules.listing_sections import FormField, Rows, Shape
from referral_hub.rules.listings import RowEdit
from referral_hub.use_cases.listing_forms.editing import (
    Editing,
    Record,
    Texts,
    changed,
    next_position,
    removed,
)
from referral_hub.use_cases.steps.listing_change import EDITABLE

NEW = "new"
MOST_ROWS = 60


def read_rows(part: Rows, editing: Editing) -> dict[str, str]:
    """Every field of every record as a text."""
    return {
        f"{part.table}.{row.id}.{each.name}": each.write(getattr(row, each.name))
        for row in editing.rows(part.table)
        for each in part.fields
    }


def write_rows(part: Rows, editing: Editing, before: Texts, after: Texts) -> list[RowEdit]:
    """Records that come, go or say something else."""
    rows = editing.rows(part.table)
    known = {str(row.id): row for row in rows}
    edits: list[RowEdit] = []
    position = next_position(rows)
    keys = list(dict.fromkeys((*_keys(part, before), *_keys(part, after))))
    for key in keys:
        texts = {
            each.name: after.get(f"{part.table}.{key}.{each.name}", "") for each in part.fields
        }
        row = known.get(key)
        if is_blank(part, texts):
            edits += _gone(part.table, row, editing) if row is not None else []
        elif row is None:
            edits.append(editing.added(part.table, _values(part, editing, key, texts), position))
            position += 1
        else:
            typed = {name: text for name, text in texts.items()
                     if text != before.get(f"{part.table}.{key}.{name}", "")}  # fmt: skip
            edits += changed(part.table, row.id, row, _values(part, editing, key, typed))
    if position > MOST_ROWS:
        editing.faults["form"] = f"Use at most {MOST_ROWS} of them."
    return edits


def _gone(table: str, row: Record, editing: Editing) -> list[RowEdit]:
    """A record that goes, after what describes it alone."""
    edits: list[RowEdit] = []
    for child, owner in _CHILDREN.get(table, ()):
        for each in editing.belonging(child, owner, row.id):
            edits += _gone(child, each, editing)
    return [*edits, removed(table, row)]


_CHILDREN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "contact": (("phone", "contact_id"),),
    "phone": (("language", "phone_id"),),
}


def is_blank(part: Rows, texts: Texts) -> bool:
    """Whether nobody wrote anything: what is chosen or ticked alone says nothing."""
    return not any(
        texts.get(each.name, "").strip()
        for each in part.fields
        if each.shape not in (Shape.CHOICE, Shape.TICK)
    )


def row_key(record_id: UUID | int) -> str:
    """The key of a record in names of fields; a number is for the next new one."""
    return f"{NEW}{record_id}" if isinstance(record_id, int) else str(record_id)


def _keys(part: Rows, texts: Texts) -> Iterator[str]:
    for name in texts:
        table, _, rest = name.partition(".")
        if table == part.table:
            yield rest.rpartition(".")[0]


def _values(part: Rows, editing: Editing, key: str, texts: Texts) -> dict[str, object]:
    """The values of those fields that have texts here. What nobody touched is not asked whether it
    is right: a source may have said it so."""
    columns = table_of(EDITABLE[part.table]).c
    values: dict[str, object] = {}
    for each in part.fields:
        if each.name in texts:
            value = editing.value(each, f"{part.table}.{key}.{each.name}", texts[each.name])
            needed = value is None and not columns[each.name].nullable
            values[each.name] = _default(each) if needed else value
    return values


def _default(each: FormField) -> object:
    """What an empty text stands for where a record must say something."""
    if each.shape is Shape.TICK:
        return False
    return each.options[0][0] if each.options else ""
