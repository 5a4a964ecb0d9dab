"""Partner systems that send and answer referrals, and ask again until they are answered."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event, Lock, local
from time import monotonic, sleep
from typing import Any

import requests

from tests.http.api_caller import ALL
from tests.referral_acts import CHICAGO

PATIENCE = 120.0
"""Seconds after which somebody gives up asking: nothing may be down for so long."""


@dataclass(frozen=True)
class Answer:
    """What the hub answered to a request with a key. `what` is the act; "" names no referral."""

    key: str
    what: str
    referral_id: str
    status: int
    body: Mapping[str, Any]


@dataclass
class Journal:
    """Everything that was answered, and what should not have been."""

    answers: list[Answer] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    lost: int = 0
    """How often there was no answer, so that the same was asked again."""

    @property
    def done(self) -> list[Answer]:
        """What the hub said it did."""
        return [answer for answer in self.answers if answer.status == 201]


class GaveUp(Exception):
    """Somebody asked for too long."""


@dataclass
class Door:
    """The API of a hub, for a system of each side."""

    address: str
    credentials: Mapping[str, str]
    """side: the Authorization header with which a system asks for a token."""
    journal: Journal = field(default_factory=Journal)
    _tokens: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _local: local = field(default_factory=local)

    def act(
        self, side: str, key: str, path: str, body: Mapping[str, Any], version: int | None = None
    ) -> requests.Response:
        """Change something, with a key, asking again until there is an answer."""
        headers = {"Idempotency-Key": key}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self._ask("POST", side, path, headers, body)

    def read(self, side: str, path: str) -> Any:
        """Read something."""
        answer = self._ask("GET", side, path, {}, None)
        if answer.status_code != 200:
            self.journal.surprises.append(f"reading {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def _ask(
        self, method: str, side: str, path: str, headers: dict[str, str], body: Any
    ) -> requests.Response:
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            token = self._token(side)
            try:
                answer = self._wire.request(
                    method, f"{self.address}/api/v1{path}", json=body, timeout=30,
                    headers={**headers, "Authorization": f"Bearer {token}"},
                )  # fmt: skip
            except requests.RequestException:
                self.journal.lost += 1
                sleep(0.1)
                continue
            if answer.status_code == 401:
                self._tokens.pop(side, None)
                continue
            if answer.status_code < 500:
                return answer
            self.journal.surprises.append(f"{method} {path}: {answer.status_code} {answer.text}")
            sleep(0.1)
        raise GaveUp(path)

    def _token(self, side: str) -> str:
        """The side's token, asked for where there is none yet."""
        with self._lock:
            deadline = monotonic() + PATIENCE
            while side not in self._tokens and monotonic() < deadline:
                try:
                    answer = self._wire.post(
                        f"{self.address}/oauth/token", timeout=30,
                        data={"grant_type": "client_credentials", "scope": ALL},
                        headers={"Authorization": self.credentials[side]},
                    )  # fmt: skip
                    if answer.ok:
                        self._tokens[side] = answer.json()["access_token"]
                except requests.RequestException:
                    sleep(0.1)
            return self._tokens[side]

    @property
    def _wire(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        found: requests.Session = self._local.session
        return found


@dataclass
class Case:
    """A client with a need and a consent, who is referred again and again by one thread."""

    door: Door
    number: int
    luck: Random
    order: Mapping[str, Any]
    _count: int = 0

    def work(self, over: Event) -> None:
        """Send and answer referrals, one after the other, until it is over."""
        try:
            while not over.is_set():
                self._refer()
        except GaveUp as error:
            self.door.journal.surprises.append(f"no answer for {PATIENCE} seconds: {error}")
        except _Unexpected as error:
            self.door.journal.surprises.append(str(error))

    def _refer(self) -> None:
        key = self._key()
        answer = self.door.act("sender", key, "/referrals", {**self.order, "reason": key})
        made = self._noted(answer, key, "send")
        path, version = f"/referrals/{made['id']}", made["version"]
        if self.luck.random() < 0.4:
            key = self._key()
            version = self._move("receiver", path, version, key, {"move": "ask", "question": key})
            key = self._key()
            version = self._move("sender", path, version, key, {"move": "answer", "answer": key})
        if self.luck.random() < 0.3:
            key = self._key()
            answer = self.door.act("sender", key, f"{path}/messages", {"text": key})
            self._noted(answer, key, "message", path)
        if self.luck.random() < 0.3:
            key = self._key()
            decline = {"move": "decline", "reason": "no_capacity", "note": key}
            self._move("receiver", path, version, key, decline)
            return
        self._accept(path, version)
        key = self._key()
        contact = {
            "method": "call", "reached": True, "note": key,
            "occurred_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        answer = self.door.act("receiver", key, f"{path}/contacts", contact)
        self._noted(answer, key, "contacted", path)
        version = self.door.read("receiver", path)["version"]
        key = self._key()
        complete = {
            "move": "complete", "outcome": "need_met", "note": key,
            "service_date": datetime.now(CHICAGO).date().isoformat(),
        }  # fmt: skip
        self._move("receiver", path, version, key, complete)

    def _accept(self, path: str, version: int) -> None:
        """Accept: alone, in a race of two of which one wins, or by one who asks twice at once."""
        keys = [self._key(), self._key()]
        match self.luck.choice(["alone", "alone", "race", "twice"]):
            case "alone":
                keys = keys[:1]
            case "twice":
                keys = keys[:1] * 2
        with ThreadPoolExecutor(len(keys)) as pool:
            got = list(pool.map(lambda key: self._try_to_accept(path, version, key), keys))
        if len(set(keys)) < len(keys):
            told = {(answer.status_code, answer.text) for answer in got}
            if len(told) > 1:
                raise _Unexpected(f"one key, two answers: {told}")
            got, keys = got[:1], keys[:1]
        won = [answer for answer in got if answer.status_code == 201]
        codes = [answer.json().get("code") for answer in got if answer.status_code != 201]
        if len(won) != 1 or set(codes) - {"version-conflict", "illegal-move"}:
            raise _Unexpected(
                f"accepting {path}: {[(each.status_code, each.text) for each in got]}"
            )
        for key, answer in zip(keys, got, strict=True):
            self._note(answer, key, "accept", path)

    def _try_to_accept(self, path: str, version: int, key: str) -> requests.Response:
        accept = {
            "move": "accept", "contact_name": "Intake desk", "note": key,
            "first_contact_by": _TOMORROW,
        }  # fmt: skip
        return self.door.act("receiver", key, f"{path}/events", accept, version)

    def _move(self, side: str, path: str, version: int, key: str, body: Mapping[str, Any]) -> int:
        answer = self.door.act(side, key, f"{path}/events", body, version)
        moved = self._noted(answer, key, body["move"], path)
        if moved["version"] != version + 1:
            raise _Unexpected(f"{path}: version {version} was moved to {moved['version']}")
        return int(moved["version"])

    def _noted(
        self, answer: requests.Response, key: str, what: str, path: str = ""
    ) -> Mapping[str, Any]:
        """What was answered to a change that had to work."""
        self._note(answer, key, what, path)
        if answer.status_code != 201:
            raise _Unexpected(f"{what} {path}: {answer.status_code} {answer.text}")
        found: Mapping[str, Any] = answer.json()
        return found

    def _note(self, answer: requests.Response, key: str, what: str, path: str) -> None:
        body = answer.json()
        referral_id = path.removeprefix("/referrals/") or body.get("id", "")
        noted = Answer(key, what, referral_id, answer.status_code, body)
        self.door.journal.answers.append(noted)

    def _key(self) -> str:
        self._count += 1
        return f"key-{self.number}-{self._count}"


class _Unexpected(Exception):
    """An answer that nobody who asks each thing once can get."""


_TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()
