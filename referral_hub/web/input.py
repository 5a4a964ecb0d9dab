"""Parameters in, checked; wrong ones named one by one."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from referral_hub.rules.errors import InvalidInput, UnknownParameter


def load_arguments(
    schema: Schema, arguments: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """(usable values, message by wrong parameter): a form can show both.

    What is not given is left out of the loading, which takes longer for it than for what is; so no
    parameter can be required.
    """
    try:
        return _defaults(type(schema)) | schema.load(arguments, partial=True), {}
    except ValidationError as error:
        return _defaults(type(schema)) | dict(error.valid_data or {}), messages(error)


def load_form(schema: Schema, sent: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """(usable values, message by wrong field) of a form, whose fields can be required."""
    try:
        return dict(schema.load(sent)), {}
    except ValidationError as error:
        return dict(error.valid_data or {}), messages(error)


@cache
def _defaults(schema: type[Schema]) -> dict[str, Any]:
    """The values of a schema for parameters that are not given."""
    return dict(schema().load({}))


def require_arguments(schema: Schema, arguments: MultiDict[str, str]) -> dict[str, Any]:
    """Usable values, or InvalidInput naming every parameter at fault."""
    values, faults = load_arguments(schema, arguments)
    faults |= {name: "Give it once." for name in arguments if len(arguments.getlist(name)) > 1}
    unknown = sorted(set(arguments) - set(schema.fields))
    if unknown:
        listed = ", ".join(name[:60] for name in unknown[:10])
        known = ", ".join(sorted(schema.fields))
        raise UnknownParameter(
            f"There is no parameter {listed}. The parameters are: {known}.", faults
        )
    if faults:
        listed = " ".join(f"{name}: {reason}" for name, reason in sorted(faults.items()))
        raise InvalidInput(f"Some parameters cannot be used. {listed}", faults)
    return values


def messages(error: ValidationError) -> dict[str, str]:
    """One sentence by parameter."""
    found: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
    return {name[:60]: _first(value) for name, value in found.items()}


def _first(value: Any) -> str:
    """The first sentence of marshmallow's nested messages."""
    while not isinstance(value, str):
        value = next(iter(value.values() if isinstance(value, Mapping) else value))
    return value
