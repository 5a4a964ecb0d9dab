"""The examples for partners work as they stand there."""

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.http.api_caller import Caller
from tests.http.api_world import ApiWorld, an_api_world
from tests.network import own_day

DOCUMENT = Path(__file__).parent.parent / "docs" / "api.md"
ENDS = re.compile(r"(?<!\\)\n+")


@pytest.fixture
def api(app: Flask, sqlite_session: Session, tmp_path: Path) -> ApiWorld:
    """Two agencies with one of everything."""
    return an_api_world(app, sqlite_session, tmp_path)


def commands() -> list[str]:
    """Every call of the API that stands in the document."""
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    each = (command for block in blocks for command in ENDS.split(block))
    return [command for command in each if "$HUB/api/v1" in command]


def test_every_example_is_answered_with_success(api: ApiWorld) -> None:
    values = {
        "CLIENT": api.ids["client_id"][1], "NEED": api.ids["need_id"][1],
        "CONSENT": api.ids["consent_id"][1], "SERVICE": api.ids["service_id"][0],
        "AGENCY": api.ids["recipients"][0], "REFERRAL": api.ids["referral_id"][0],
        "ACCEPTED": api.ids["referral_id"][2], "APPOINTMENT": api.ids["appointment_id"][0],
        "SOON": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        "TODAY": own_day(datetime.now(UTC)), "TOKEN": "token", "HUB": "",
    }  # fmt: skip
    assert len(commands()) >= 15
    for command in commands():
        filled = re.sub(r"'?\$([A-Z]+)'?", lambda name: str(values[name[1]]), command)
        is_theirs = any(
            part in command for part in ("side=receiver", "/referrals/$REFERRAL", "/appointments")
        )
        is_theirs &= "/disclosures" not in command
        answer = run(api.receiver if is_theirs else api.sender, filled)
        assert answer[0] < 300, (command, answer)


def run(caller: Caller, command: str) -> tuple[int, str]:
    """Do what a command does, and return status and body."""
    words = shlex.split(command.replace("\\\n", " "))
    headers = {"Authorization": f"Bearer {caller.token}"}
    body, method, address = None, None, ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-H":
            name, _, value = next(rest).partition(": ")
            headers.setdefault(name, value)
        elif word == "-X":
            method = next(rest)
        elif word == "--json":
            body = json.loads(next(rest))
        elif not word.startswith("-"):
            address = word
    parts = urlsplit(address)
    answer = caller.client.open(
        parts.path, method=method or ("GET" if body is None else "POST"), json=body,
        query_string=parts.query, headers=headers,
    )  # fmt: skip
    return answer.status_code, answer.text
