"""The forms on the pages of clients. What a profile may hold the rules say."""

from marshmallow import Schema, fields

from referral_hub.rules.clients import ACUITY, CaseEnd, ContactWay, Level, NeedStatus, NoteKind
from referral_hub.schemas import form_fields

NUMBER = {"invalid": "Use a whole number.", "too_large": "Use a smaller number."}
YES_OR_NO = {"invalid": "Choose yes, no or not asked."}


def words() -> fields.String:
    """A text that may be left out."""
    return fields.String(load_default="", error_messages={"invalid": "Use plain text."})


def number() -> fields.Integer:
    """A whole number that may be left out."""
    return fields.Integer(load_default=None, error_messages=dict(NUMBER))


def yes_or_no() -> fields.Boolean:
    """Yes, no, or not asked."""
    return fields.Boolean(load_default=None, error_messages=dict(YES_OR_NO))


def level(missing: str) -> fields.Integer:
    """Low, medium or high, by number."""
    return fields.Integer(
        required=True,
        validate=lambda given: given in tuple(Level),
        error_messages={"required": missing, "invalid": missing, "validator_failed": missing},
    )


def acuity(*, required: bool) -> fields.Integer:
    """How stable things are, by number."""
    message = "Choose a number from 1, stable, to 5, in crisis."
    made = fields.Integer(
        required=required,
        validate=lambda given: given in ACUITY,
        error_messages={"required": message, "invalid": message, "validator_failed": message},
    )
    if not required:
        made.load_default = None
    return made


def id_or_none(message: str) -> fields.UUID:
    """The id of something chosen from a list, or nothing."""
    return fields.UUID(load_default=None, error_messages={"invalid_uuid": message})


class MemberForm(Schema):
    """Somebody in a client's household."""

    given_name = words()
    family_name = words()
    relation = words()
    birth_date = form_fields.day_or_none()
    phone = words()
    veteran = yes_or_no()
    student = yes_or_no()
    pregnant = yes_or_no()
    disability = yes_or_no()


class ProfileForm(MemberForm):
    """A client's profile."""

    class Meta:
        """A client has no relation to the client."""

        exclude = ("relation",)

    preferred_name = words()
    gender = words()
    languages = fields.List(fields.String(), load_default=list)
    interpreter_needed = fields.Boolean(load_default=False, error_messages=dict(YES_OR_NO))
    other_phone = words()
    email = words()
    street = words()
    city = words()
    state = words()
    zip = words()
    contact_ways = fields.List(
        form_fields.choice(ContactWay, "Choose ways from the list."), load_default=list
    )
    contact_times = words()
    never = words()
    household_size = number()
    children = number()
    housing = words()
    income = number()
    benefits = words()
    insurance = words()
    documents = words()
    education = words()
    health = words()
    substance_use = words()
    violence = words()
    immigration = words()
    legal = words()
    adverse_party = words()


class NewClientForm(ProfileForm):
    """A client to add; `anyway` where somebody looked at those who may be the same person."""

    team_id = id_or_none("Choose a team.")
    worker_id = id_or_none("Choose a person.")
    anyway = fields.Boolean(load_default=False, error_messages=dict(YES_OR_NO))


class ChangeClientForm(ProfileForm):
    """A client's profile, with the version that was on the page."""

    version = fields.Integer(
        required=True,
        error_messages={"required": "Load the page again.", "invalid": "Load the page again."},
    )


class AssignForm(Schema):
    """Who looks after a client."""

    team_id = form_fields.record_id("Choose a team.")
    worker_id = id_or_none("Choose a person.")
    acuity = acuity(required=False)


class WeighCaseForm(Schema):
    """What a case weighs by."""

    acuity = acuity(required=False)
    intensity = fields.Integer(
        load_default=None, error_messages={"invalid": "Choose a number from 1 to 3."}
    )
    travels = fields.Boolean(load_default=False, error_messages=dict(YES_OR_NO))
    trauma = fields.Boolean(load_default=False, error_messages=dict(YES_OR_NO))


class CloseCaseForm(Schema):
    """Why work with a client ends."""

    reason = form_fields.choice(CaseEnd, "Choose why the work ends.")


class WeighForm(Schema):
    """How a need presses."""

    urgency = level("Say how urgent it is.")
    importance = level("Say how important it is.")
    acuity = acuity(required=True)
    detail = words()


class NeedForm(WeighForm):
    """A need to add."""

    code = form_fields.text(100, "Choose a need from the list.")


class CloseNeedForm(Schema):
    """What became of a need."""

    status = form_fields.choice(NeedStatus, "Say what became of it.")


class GoalForm(Schema):
    """A goal to add."""

    text = words()
    need_id = id_or_none("Choose one of the client's needs.")
    due_on = form_fields.day_or_none()


class StepForm(Schema):
    """A step to add."""

    text = words()


class DoneForm(Schema):
    """Whether something is done, or reached."""

    done = fields.Boolean(
        required=True,
        error_messages={"required": "Say yes or no.", "invalid": "Say yes or no."},
    )


class NoteForm(Schema):
    """A note to write."""

    kind = form_fields.choice(NoteKind, "Choose what the note tells.")
    text = words()
    occurred_on = form_fields.day_or_none()
    corrects_id = id_or_none("Load the page again.")


class ChangeTaskForm(Schema):
    """How a task presses, and who does it."""

    urgency = level("Say how urgent it is.")
    importance = level("Say how important it is.")
    due_on = form_fields.day_or_none()
    assignee_id = id_or_none("Choose a person.")


class TaskForm(ChangeTaskForm):
    """A task to add."""

    text = words()


class LoadClientsForm(Schema):
    """A file that was looked through, to be loaded."""

    content = form_fields.text(500_000, "Choose the file again.")
    team_id = id_or_none("Choose a team.")
    worker_id = id_or_none("Choose a person.")
    doubles_too = fields.Boolean(load_default=False, error_messages=dict(YES_OR_NO))
