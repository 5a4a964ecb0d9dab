"""The official schemas of HSDS 3.2.3, made strict: a field that they do not know is a fault."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker


@cache
def strict(folder: Path, name: str) -> Draft202012Validator:
    """A validator of one compiled schema, or of a taxonomy or term as services nest them."""
    if name in ("taxonomy", "taxonomy_term"):
        schema = _compiled(folder, "service")["properties"]["attributes"]["items"]["properties"]
        schema = schema["taxonomy_term"]
        schema = schema["properties"]["taxonomy_detail"] if name == "taxonomy" else schema
    else:
        schema = _compiled(folder, name)
    _close(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def _compiled(folder: Path, name: str) -> Any:
    return json.loads((folder / f"hsds/3.2.3/schema/compiled/{name}.json").read_text())


def _close(schema: Any) -> None:
    """Allow no other properties, at any depth."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            schema["additionalProperties"] = False
        for value in schema.values():
            _close(value)
    elif isinstance(schema, list):
        for value in schema:
            _close(value)
