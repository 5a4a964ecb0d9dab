"""Which pages can be mailed as a link, and with which dates."""

import pytest

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_links import clean_name, view_path


def test_a_view_of_the_latest_time_loses_its_dates_and_keeps_its_filter() -> None:
    path = "/supervision/times?since=2026-01-01&until=2026-02-01&as_of=x&need=food&side=sender"
    assert view_path(path, latest=True) == "/supervision/times?need=food&side=sender"
    assert view_path(path, latest=False) == path
    assert view_path("/supervision?since=2026-01-01", latest=True) == "/supervision"


def test_a_list_of_one_week_has_no_latest_time() -> None:
    path = "/supervision/referrals?flow=sent&week=2026-03-02"
    assert view_path(path, latest=False) == path
    with pytest.raises(InvalidInput) as refused:
        view_path(path, latest=True)
    assert set(refused.value.fields) == {"latest"}


@pytest.mark.parametrize(
    "path",
    [
        "", "supervision", "//evil.example/supervision", "https://evil.example/supervision",
        "/supervisionist", "/clients", "/supervision/../clients",
        "/supervision/./times", "/supervision/", "/supervision/no-such-page",
        "/supervision\\..", "/\\evil",
        "/supervision\n", "/supervision?" + "x" * 1000,
    ],
)  # fmt: skip
def test_nothing_but_pages_with_figures_can_be_mailed(path: str) -> None:
    for latest in (True, False):
        with pytest.raises(InvalidInput):
            view_path(path, latest=latest)


def test_a_view_needs_a_name_on_one_line() -> None:
    assert clean_name("  My\n team ") == "My team"
    with pytest.raises(InvalidInput):
        clean_name("  ")
