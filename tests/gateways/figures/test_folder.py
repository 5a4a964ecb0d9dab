"""Figures survive who is killed while counting, and grow to what counting anew gives."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest

from referral_hub.gateways.figures.choosing import everything
from referral_hub.gateways.figures.counting import Terms, parts
from referral_hub.gateways.figures.folder import CONTENTS, FigureFolder, FiguresBusy
from referral_hub.gateways.figures.layout import STATES
from referral_hub.gateways.figures.reading import FigureColumns, View
from referral_hub.gateways.figures.writing import Counted, FigureWriter
from referral_hub.rules.errors import FiguresNotReady
from referral_hub.rules.figure_query import FigureQuery, Oversight
from referral_hub.rules.measures import Measure
from tests.random_logs import BEGIN, Log, counted, random_logs

NOW = BEGIN + timedelta(days=230)
EVERYTHING = FigureQuery(date(2025, 1, 1), date(2027, 1, 1))
TERMS = Terms(90, 2)
LOGS = random_logs(Random(11), 150, NOW)
MOMENTS = [BEGIN + timedelta(days=days) for days in range(0, 240, 12)]


def whole(path: Path, logs: Sequence[Log] = LOGS) -> None:
    writer = FigureWriter(FigureFolder(path))
    writer.put(writer.add(writer.begin(), counted(logs), 1, NOW))


def fresh(log: Log, known: Log) -> Counted | None:
    """What became known of a referral since then."""
    seen = known.events[-1].seq if known.events else 0
    states = [state for state in log.states if state.seq > seen]
    return Counted(log.sent, states) if states else None


def portions() -> list[list[Counted]]:
    """All that happened, as it was recorded from time to time."""
    found = []
    for before, at in zip([None, *MOMENTS], [*MOMENTS, NOW], strict=True):
        batch = []
        for log in LOGS:
            known = Log(log.sent, (), ()) if before is None else log.until(before)
            each = fresh(log.until(at), known)
            if each is not None:
                batch.append(each)
        found.append(batch)
    return found


def everywhere(view: View) -> list[list[int]]:
    """The part of each referral in each measure, by its id."""
    order = np.argsort([each.tobytes() for each in view.referrals["id"]])
    rows = everything(view, EVERYTHING, Oversight(None))
    found = []
    for measure in Measure:
        values = np.full(len(view.last), -1)
        values[rows] = parts(view, rows, measure, TERMS)
        found.append(values[order].tolist())
    return found


def test_what_grew_day_by_day_is_what_is_counted_at_once(tmp_path: Path) -> None:
    whole(tmp_path / "once")
    writer = FigureWriter(FigureFolder(tmp_path / "daily"))
    writer.put(writer.begin())
    reader = FigureColumns(FigureFolder(tmp_path / "daily"))
    for number, batch in enumerate(portions()):
        contents = writer.contents()
        assert contents is not None
        writer.put(writer.add(contents, batch, number, NOW))
        reader.view(None, NOW).state("standing")  # a reader follows, and keeps what it read
    at_once = FigureColumns(FigureFolder(tmp_path / "once"))
    assert everywhere(reader.view(None, NOW)) == everywhere(at_once.view(None, NOW))
    for moment in MOMENTS[::4]:
        assert everywhere(reader.view(moment, NOW))[:7] == everywhere(at_once.view(moment, NOW))[:7]


def test_a_past_time_is_told_alike_however_much_was_recorded_since(tmp_path: Path) -> None:
    writer = FigureWriter(FigureFolder(tmp_path))
    writer.put(writer.begin())
    reader, told = FigureColumns(FigureFolder(tmp_path)), {}
    for batch, moment in zip(portions(), [*MOMENTS, NOW], strict=True):
        contents = writer.contents()
        assert contents is not None
        writer.put(writer.add(contents, batch, 1, moment))
        told[moment] = everywhere(reader.view(moment, NOW))
    size = len(reader.view(None, NOW).last)
    again = FigureColumns(FigureFolder(tmp_path))
    for moment, before in told.items():
        for now in (again, reader):
            found = everywhere(now.view(moment, NOW))
            known = [sorted(v for v in values if v >= 0) for values in found]
            assert known == [sorted(v for v in values if v >= 0) for values in before]
            assert len(found[0]) == size


def test_who_is_killed_while_writing_leaves_what_counted_before(tmp_path: Path) -> None:
    whole(tmp_path, LOGS[:100])
    before = everywhere(FigureColumns(FigureFolder(tmp_path)).view(None, NOW))
    writer = FigureWriter(FigureFolder(tmp_path))
    contents = writer.contents()
    assert contents is not None
    writer.add(contents, counted(LOGS[100:]), 2, NOW)  # and never put in place
    assert everywhere(FigureColumns(FigureFolder(tmp_path)).view(None, NOW)) == before
    after = FigureWriter(FigureFolder(tmp_path))
    after.put(after.add(contents, counted(LOGS[100:]), 2, NOW))
    whole(tmp_path / "once")
    at_once = FigureColumns(FigureFolder(tmp_path / "once")).view(None, NOW)
    assert everywhere(FigureColumns(FigureFolder(tmp_path)).view(None, NOW)) == everywhere(at_once)


def test_a_reader_sees_no_half_of_what_is_being_written(tmp_path: Path) -> None:
    whole(tmp_path, LOGS[:100])
    reader = FigureColumns(FigureFolder(tmp_path))
    before = everywhere(reader.view(None, NOW))
    writer = FigureWriter(FigureFolder(tmp_path))
    contents = writer.contents()
    assert contents is not None
    grown = writer.add(contents, counted(LOGS[100:]), 2, NOW)
    assert everywhere(reader.view(None, NOW)) == before
    writer.put(grown)
    assert everywhere(reader.view(None, NOW)) != before


def test_counting_anew_replaces_what_was_and_readers_follow(tmp_path: Path) -> None:
    whole(tmp_path, LOGS[:50])
    reader = FigureColumns(FigureFolder(tmp_path))
    reader.view(None, NOW)
    whole(tmp_path)
    assert len(reader.view(None, NOW).last) == sum(log.state is not None for log in LOGS)
    whole(tmp_path)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2  # one for late readers


def test_nothing_counted_yet_says_so(tmp_path: Path) -> None:
    with pytest.raises(FiguresNotReady, match="counted for the first time"):
        FigureColumns(FigureFolder(tmp_path)).view(None, NOW)


@pytest.mark.parametrize("written", ["", "{", '{"edition": 1}', "[]"])
def test_contents_that_cannot_be_read_are_none(tmp_path: Path, written: str) -> None:
    (tmp_path / CONTENTS).write_text(written)
    assert FigureFolder(tmp_path).contents() is None


def test_files_of_another_layout_do_not_count(tmp_path: Path) -> None:
    whole(tmp_path)
    path = tmp_path / CONTENTS
    path.write_text(path.read_text().replace('"layout": "', '"layout": "x'))
    assert FigureFolder(tmp_path).contents() is None
    assert "standing" in STATES


def test_only_one_counts_at_a_time(tmp_path: Path) -> None:
    folder = FigureFolder(tmp_path)
    with folder.writing(), pytest.raises(FiguresBusy), FigureFolder(tmp_path).writing():
        pass


def test_two_who_count_in_turn_give_the_same_numbers_to_the_same_words(tmp_path: Path) -> None:
    one, other = (FigureWriter(FigureFolder(tmp_path)) for _ in range(2))
    whole(tmp_path, LOGS[:20])
    there = counted(LOGS[20:])
    for number, each in enumerate(there):
        writer = (one, other)[number % 2]
        contents = writer.contents()
        assert contents is not None
        writer.put(writer.add(contents, [each], number, NOW))
    whole(tmp_path / "once")

    def codes(path: Path) -> dict[bytes, str]:
        view = FigureColumns(FigureFolder(path)).view(None, NOW)
        words = view.texts("need_code")
        return {
            each.tobytes(): words[number]
            for each, number in zip(view.referrals["id"], view.referrals["need_code"], strict=True)
        }

    assert codes(tmp_path) == codes(tmp_path / "once")
