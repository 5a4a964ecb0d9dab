"""The listing's own fields as a form."""

from referral_hub.models import table_of
from referral_hub.rules.listing_sections import Own
from referral_hub.rules.listings import RowEdit
from referral_hub.use_cases.listing_forms.editing import Editing, Texts, changed
from referral_hub.use_cases.steps.listing_change import EDITABLE


def read_own(part: Own, editing: Editing) -> dict[str, str]:
    """The fields as texts."""
    return {each.name: each.write(getattr(editing.record, each.name)) for each in part.fields}


def write_own(part: Own, editing: Editing, before: Texts, after: Texts) -> list[RowEdit]:
    """What the texts say differently. Fields left alone are not asked whether they are right."""
    columns = table_of(EDITABLE[editing.listing.table]).c
    values = {}
    for each in part.fields:
        if before.get(each.name, "") == after.get(each.name, ""):
            continue
        value = editing.value(each, each.name, after.get(each.name, ""))
        if value is None and not columns[each.name].nullable:
            value = ""
        values[each.name] = value
    return changed(editing.listing.table, editing.listing.id, editing.record, values)
