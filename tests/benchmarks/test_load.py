"""The load test asks what it says, when it says, and counts whatever goes wrong."""

import asyncio
import itertools
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from benchmarks.load.__main__ import peer_results
from benchmarks.load.client import Address, Answer, BadAnswer, Connection
from benchmarks.load.loops import Tally, Target, arrivals, closed_loop, open_loop
from benchmarks.load.measure import Row, report
from benchmarks.load.peer import COUNTED_SQL, SQL, VALUES, build, peer_path
from benchmarks.load.queries import PLACES, Query, hub_path, queries
from benchmarks.load.servers import NotServed, seed, trivial
from referral_hub.gateways.gazetteer import Gazetteer

Reply = Callable[[int], bytes]
"""What is written to the n-th request that a connection brings; b"" closes it."""
FOREVER = b"nothing"
Peer = Callable[..., list[tuple[Any, ...]]]


def answer(body: bytes, status: str = "200 OK", header: str = "X: y") -> bytes:
    return f"HTTP/1.1 {status}\r\n{header}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def count(number: int) -> bytes:
    return answer(b"%d" % number)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer()


@pytest.fixture(scope="module")
def peer(demo_app: Flask, gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> Peer:
    """The peer's SQL, with parameters as Datasette gives them: all text."""
    file = tmp_path_factory.mktemp("peer") / "services.db"
    build(Path(str(make_url(demo_app.config["SQLALCHEMY_DATABASE_URI"]).database)), file)

    def rows(query: Query, sql: str = SQL) -> list[tuple[Any, ...]]:
        asked = parse_qs(urlsplit(peer_path(query, gazetteer.find)).query, keep_blank_values=True)
        with closing(sqlite3.connect(file)) as connection:
            values = {name: each[0] for name, each in asked.items()}
            return connection.execute(sql, values).fetchall()

    return rows


@asynccontextmanager
async def serving(reply: Reply) -> AsyncIterator[Address]:
    """A slow server on loopback: every answer comes in two parts."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(asyncio.IncompleteReadError):
            for number in itertools.count(1):
                await reader.readuntil(b"\r\n\r\n")
                said = reply(number)
                if not said:
                    return
                for part in (said[:-1], said[-1:]) if said != FOREVER else ():
                    writer.write(part)
                    await asyncio.sleep(0.01)

    async with await asyncio.start_server(converse, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[:2]


def ask(reply: Reply, times: int = 1) -> list[Answer]:
    """The answers to so many requests, over one connection while it lasts."""

    async def run() -> list[Answer]:
        async with serving(reply) as address:
            connection = Connection(address)
            answers = [await connection.get("/") for _ in range(times)]
            connection.close()
            return answers

    return asyncio.run(run())


def tally_of(reply: Reply, loop: Callable[[Target], Awaitable[Tally]]) -> Tally:
    """What a loop counts; a body is good when it is a number."""

    async def run() -> Tally:
        async with serving(reply) as address:
            return await loop(Target("test", [address], ["/a", "/b"], int))

    return asyncio.run(run())


@given(st.floats(0.5, 200), st.floats(1, 60))
def test_arrivals_are_in_order_within_the_time_and_as_many_as_the_rate_says(
    rate: float, seconds: float
) -> None:
    times = arrivals(rate, seconds)
    assert times == sorted(times)
    assert len(times) == round(rate * seconds)
    assert all(0 <= time <= seconds for time in times)


def test_arrivals_are_by_chance_and_the_same_in_every_run() -> None:
    times = arrivals(100, 30)
    gaps = [late - early for early, late in itertools.pairwise(times)]
    assert times == arrivals(100, 30)
    assert sum(gap > 0.01 for gap in gaps) / len(gaps) == pytest.approx(0.37, abs=0.03)


def test_there_are_500_different_questions_the_same_in_every_run() -> None:
    drawn = queries()
    assert len({hub_path(query) for query in drawn}) == 500
    assert drawn == queries()
    assert drawn != queries(seed=1)


def test_one_question_in_five_has_a_filter() -> None:
    assert sum(bool(query.language or query.cost) for query in queries()) == 100


def test_the_hub_takes_the_questions(demo_app: Flask) -> None:
    client = demo_app.test_client()
    found = [client.get(hub_path(query)) for query in queries()[:10]]
    assert {answer.status_code for answer in found} == {200}


def test_every_place_is_known(gazetteer: Gazetteer) -> None:
    assert all(gazetteer.find(place).state for place in PLACES)


def test_the_peer_finds_services_of_the_hub_as_far_away_as_the_hub(
    demo_app: Flask, peer: Peer
) -> None:
    query = Query("clinic", "60608", 16)
    found = demo_app.test_client().get(hub_path(query)).get_json()["results"]
    hub = {(hit["service_id"], hit["location_id"]): hit["distance_km"] for hit in found}
    peers = {(str(UUID(row[0])), str(UUID(row[1]))): row[-1] for row in peer(query)}
    assert len(hub.keys() & peers.keys()) >= 3
    for key in hub.keys() & peers.keys():
        assert peers[key] == pytest.approx(hub[key], rel=0.01)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (Query("food pantry", "60608", 40), Query("food pantry", "60608", 10)),
        (Query("clinic", "60608", 10), Query("clinic", "60608", 10, language="Spanish")),
        (Query("clinic", "60608", 10), Query("clinic", "60608", 10, cost="sliding")),
    ],
)
def test_the_peer_narrows_by_radius_and_filter(peer: Peer, wide: Query, narrow: Query) -> None:
    found = peer(narrow)
    assert 0 < len(found) < len(peer(wide))
    assert all(row[-1] <= narrow.radius_km for row in found)


@pytest.mark.parametrize(
    "query",
    [
        Query("food pantry", "60608", 40),
        Query("clinic", "60608", 10, language="Spanish"),
        Query("clinic", "60608", 10, cost="sliding"),
        Query("unicorn", "60608", 10),
    ],
)
def test_the_peer_counts_the_rows_that_it_finds(peer: Peer, query: Query) -> None:
    *rows, (*nothing, total, counts) = peer(query, COUNTED_SQL)
    assert [row[:-2] for row in rows] == peer(query)
    assert set(nothing) == {None}
    assert total >= len(rows)
    assert total == len(rows) or len(rows) == 20
    in_place = {n for facet, _, n in json.loads(counts) if facet == "delivery"}
    assert in_place == ({total} if total else set())


@pytest.mark.parametrize(
    ("facet", "values"), [("language", ("Spanish", "")), ("cost", ("", "free"))]
)
def test_the_peer_counts_what_choosing_a_value_would_give(
    peer: Peer, facet: str, values: tuple[str, str]
) -> None:
    def asked(*filters: str) -> tuple[int, dict[tuple[str, str], int]]:
        *_, total, counts = peer(Query("food pantry", "60608", 60, *filters), COUNTED_SQL)[-1]
        return total, {(name, value): number for name, value, number in json.loads(counts)}

    (_, before), (total, after) = asked(), asked(*values)
    chosen = (facet, "".join(values))
    assert before[chosen] == after[chosen] == total > 0
    assert all(sum(name == each for each, _ in before) <= VALUES for name, _ in before)


def test_a_row_of_counts_is_no_result() -> None:
    assert peer_results(b'[{"name": "a"}]') == 1
    assert peer_results(b'[{"name": "a", "counts": null}, {"name": null, "counts": "[]"}]') == 1
    assert peer_results(b"[]") == 0
    with pytest.raises(ValueError, match="no list"):
        peer_results(b'{"error": "too slow"}')


def test_the_report_has_a_row_for_each_run_and_names_errors() -> None:
    row = Row(
        "hub", "16 clients", 1200, 400.5, 1.0, 2.0, 3.0, 4.0, 2, 17.1, None, 0.2, {"status 500": 2}
    )
    text = report("Search", "Somewhere.", [row])
    assert "| hub    | 16 clients | 1,200    | 400.5 " in text
    assert "hub, 16 clients: 2 × status 500" in text


def test_a_connection_is_kept_for_the_next_request() -> None:
    assert [each.body for each in ask(count, times=3)] == [b"1", b"2", b"3"]


def test_a_status_other_than_200_is_an_answer_too() -> None:
    assert ask(lambda _: answer(b"busy", "503 Service Unavailable")) == [Answer(503, b"busy")]


def test_a_server_that_says_it_closes_is_asked_over_a_new_connection() -> None:
    closing_ones = ask(lambda number: answer(b"%d" % number, header="Connection: close"), times=2)
    assert [each.body for each in closing_ones] == [b"1", b"1"]


def test_a_kept_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    answers = ask(lambda number: count(number) if number == 1 else b"", times=2)
    assert [each.body for each in answers] == [b"1", b"1"]


def test_an_answer_in_chunks_is_put_together() -> None:
    chunks = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    assert [each.body for each in ask(lambda _: chunks, times=2)] == [b"abcde", b"abcde"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "closed without an answer"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "no status line"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "length ''"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "length '-1'"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "cut short in the body"),
        (b"HTTP/1.1 200 OK\r\nConte", "cut short in the head"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "transfer coding 'gzip'"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "a chunk without a size"),
    ],
)
def test_what_is_not_a_whole_answer_is_refused_with_the_reason(said: bytes, reason: str) -> None:
    async def run() -> None:
        async with serving_once(said) as address:
            await Connection(address).get("/")

    with pytest.raises(BadAnswer, match=reason):
        asyncio.run(run())


@asynccontextmanager
async def serving_once(said: bytes) -> AsyncIterator[Address]:
    """A server that says this and closes."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(converse, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[:2]


def test_the_open_loop_asks_at_every_time_and_adds_up_the_results() -> None:
    tally = tally_of(lambda _: answer(b"20"), lambda target: open_loop(target, [0.0, 0.01, 0.02]))
    assert (len(tally.seconds), tally.results, tally.errors.total()) == (3, 60, 0)


def test_a_request_that_is_sent_late_has_waited_since_it_was_due() -> None:
    tally = tally_of(count, lambda target: open_loop(target, [-5.0]))
    assert tally.seconds[0] > 5


def test_a_request_without_an_answer_is_an_error_in_the_end() -> None:
    tally = tally_of(lambda _: FOREVER, lambda target: open_loop(target, [-9.9]))
    assert tally.errors == {"no answer in 10 s": 1}


def test_more_requests_than_connections_wait_for_their_turn() -> None:
    tally = tally_of(count, lambda target: open_loop(target, [0.0] * 200))
    assert (len(tally.seconds), tally.errors.total()) == (200, 0)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (lambda _: answer(b"1", "404 Not Found"), "status 404"),
        (lambda _: answer(b"<html>"), "malformed body"),
        (lambda _: b"", "closed without an answer"),
    ],
)
def test_every_answer_that_is_not_good_is_an_error_by_name(reply: Reply, error: str) -> None:
    tally = tally_of(reply, lambda target: open_loop(target, [0.0, 0.0]))
    assert tally.errors.total() == 2
    assert all(name.startswith(error) for name in tally.errors)


def test_the_closed_loop_asks_until_the_time_is_over() -> None:
    tally = tally_of(count, lambda target: closed_loop(target, clients=3, seconds=0.2))
    assert len(tally.seconds) >= 6
    assert tally.errors.total() == 0


def test_a_server_that_is_not_there_is_an_error() -> None:
    async def run() -> Tally:
        async with serving(count) as address:
            gone = Target("gone", [address], ["/"], int)
        return await open_loop(gone, [0.0])

    assert asyncio.run(run()).errors.total() == 1


def test_clients_are_split_between_the_processes_of_a_server() -> None:
    async def run() -> tuple[int, int]:
        asked = [0, 0]

        def server(place: int) -> Reply:
            def reply(_: int) -> bytes:
                asked[place] += 1
                return answer(b"1")

            return reply

        async with serving(server(0)) as first, serving(server(1)) as second:
            await open_loop(Target("two", [first, second], ["/"], int), [0.0] * 20)
        return asked[0], asked[1]

    assert asyncio.run(run()) == (10, 10)


def test_a_server_is_ended_with_its_measurement(tmp_path: Path) -> None:
    with trivial(tmp_path) as running:
        target = Target("trivial", running.addresses, ["/"], len)
        assert asyncio.run(open_loop(target, [0.0])).errors.total() == 0
    assert asyncio.run(open_loop(target, [0.0])).errors == {"ConnectionRefusedError": 1}
    assert not Path(f"/proc/{running.groups[0]}").exists()


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "referral_hub.sqlite3").mkdir()
    with pytest.raises(NotServed, match="could not be seeded"):
        seed(tmp_path, 5)
