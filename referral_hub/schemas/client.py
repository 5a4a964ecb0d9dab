"""Clients in JSON. The fields of a profile are those of the rules, each known there alone."""

from typing import Any

from marshmallow import Schema, fields, validate

from referral_hub.rules.client_profile import FIELDS, LABEL
from referral_hub.rules.clients import (
    ACUITY,
    MOST_DETAIL,
    CaseEnd,
    ContactWay,
    Level,
    NeedStatus,
    SendMode,
)
from referral_hub.rules.profile_check import LONG, MOST_LANGUAGES, MOST_LINE, MOST_TEXT, RANGES
from referral_hub.schemas.json_fields import Day, PageArguments, Text, Whole, YesOrNo, one_of
from referral_hub.vocabulary import needs

_ANSWERED_OR_NOT = ("veteran", "student", "pregnant", "disability")
_CODE = {"description": "A need of the taxonomy"}


def _field(name: str) -> fields.Field[Any]:
    """The field of a profile; where nothing is known, texts are empty and the rest is null."""
    told: dict[str, Any] = {"metadata": {"description": LABEL[name]}}
    if name in RANGES:
        return Whole(*RANGES[name], allow_none=True, **told)
    if name in _ANSWERED_OR_NOT:
        return YesOrNo(allow_none=True, **told)
    if name == "birth_date":
        return Day(allow_none=True, **told)
    if name == "interpreter_needed":
        return YesOrNo(**told)
    if name == "languages":
        return fields.List(Text(10), validate=validate.Length(max=MOST_LANGUAGES), **told)
    if name == "contact_ways":
        return fields.List(one_of(ContactWay), validate=validate.Length(max=10), **told)
    return Text(MOST_TEXT if name in LONG else MOST_LINE, **told)


OF_CLIENT = tuple(name for name in FIELDS if name != "relation")
OF_MEMBER = (
    "given_name", "family_name", "relation", "birth_date", "phone", "veteran", "student",
    "pregnant", "disability",
)  # fmt: skip
ProfileSchema = Schema.from_dict({name: _field(name) for name in OF_CLIENT}, name="ProfileSchema")
MemberProfileSchema = Schema.from_dict(
    {name: _field(name) for name in OF_MEMBER}, name="MemberProfileSchema"
)


class NewClientSchema(ProfileSchema):  # type: ignore[valid-type,misc]
    """A client to add. With `anyway` also one who may be there already."""

    team_id = fields.UUID(
        allow_none=True, load_default=None,
        metadata={"description": "Needed where the agency has more than one team"},
    )  # fmt: skip
    worker_id = fields.UUID(allow_none=True, load_default=None)
    acuity = Whole(ACUITY.start, ACUITY.stop - 1, allow_none=True, load_default=None)
    anyway = YesOrNo(load_default=False)


class ChangedProfileSchema(ProfileSchema):  # type: ignore[valid-type,misc]
    """What changes of a client's profile; what is left out stays as it is."""


class MemberSchema(MemberProfileSchema):  # type: ignore[valid-type,misc]
    """Somebody who lives with a client, or did until `until`."""

    id = fields.UUID(required=True)
    since = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True, allow_none=True)


class HouseholdSchema(Schema):
    """Who lives with a client."""

    household = fields.List(fields.Nested(MemberSchema), required=True)


class ClientNeedSchema(Schema):
    """A need of a client. Urgency and importance go from 1, low, to 3, high; acuity from 1,
    stable, to 5, in crisis."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    label = fields.String(required=True)
    urgency = fields.Integer(required=True)
    importance = fields.Integer(required=True)
    acuity = fields.Integer(required=True)
    detail = fields.String(required=True)
    status = one_of(NeedStatus, required=True)
    mode = one_of(SendMode, required=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class NeedListSchema(Schema):
    """The needs of a client: open ones first, the most pressing at the top."""

    needs = fields.List(fields.Nested(ClientNeedSchema), required=True)


def _level() -> dict[str, Any]:
    return {"least": min(Level), "most": max(Level)}


class NewNeedSchema(Schema):
    """A need to record."""

    code = fields.String(
        required=True, metadata=_CODE,
        validate=validate.OneOf(sorted(needs()), error="There is no need with this code."),
    )  # fmt: skip
    urgency = Whole(**_level(), required=True)
    importance = Whole(**_level(), required=True)
    acuity = Whole(ACUITY.start, ACUITY.stop - 1, required=True)
    detail = Text(MOST_DETAIL, load_default="")


class ChangedNeedSchema(Schema):
    """What changes of a need; what is left out stays. A `status` other than `open` closes it, and
    `open` reopens it; one that is closed is not weighed."""

    urgency = Whole(**_level())
    importance = Whole(**_level())
    acuity = Whole(ACUITY.start, ACUITY.stop - 1)
    detail = Text(MOST_DETAIL)
    status = one_of(NeedStatus)


class NeedStateSchema(Schema):
    """Where a need is after a change."""

    id = fields.UUID(required=True)
    status = one_of(NeedStatus, required=True)


class ClientSchema(ProfileSchema):  # type: ignore[valid-type,misc]
    """A client with needs and household; `version` is the ETag of the profile."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    team_id = fields.UUID(required=True)
    team = fields.String(required=True)
    worker_id = fields.UUID(required=True, allow_none=True)
    worker = fields.String(required=True)
    acuity = fields.Integer(required=True, allow_none=True)
    opened_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)
    last_contact_at = fields.AwareDateTime(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    closed_reason = one_of(CaseEnd, required=True, allow_none=True)
    received_from = fields.UUID(
        required=True, allow_none=True,
        metadata={"description": "The referral whose acceptance made this record"},
    )  # fmt: skip
    needs = fields.List(fields.Nested(ClientNeedSchema), required=True)
    household = fields.List(fields.Nested(MemberSchema), required=True)


class ClientLineSchema(Schema):
    """A client in a list."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    opened_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class ClientListSchema(Schema):
    """A page of clients; `next` begins the next one, and is null on the last."""

    clients = fields.List(fields.Nested(ClientLineSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ClientListArgumentsSchema(PageArguments):
    """Which clients."""

    cases = fields.String(
        load_default="open", validate=validate.OneOf(("open", "closed", "all")),
        metadata={"description": "Those with whom the agency works, worked, or both"},
    )  # fmt: skip


class ClientSearchSchema(Schema):
    """Part of a name, a date of birth, or at least 4 digits of a phone number."""

    q = Text(200, required=True)


class FoundClientSchema(Schema):
    """A client who may be meant."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    birth_date = fields.Date(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class FoundClientsSchema(Schema):
    """Clients who may be meant, the best first; with `more` there are others."""

    clients = fields.List(fields.Nested(FoundClientSchema), required=True)
    more = fields.Boolean(required=True)


class ChangedClientSchema(Schema):
    """A client's id and version after a change."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
