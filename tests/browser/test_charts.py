"""Charts are drawn from the table beside them, and are read without colour, pointer or scripts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chart_samples import (
    AGENCIES,
    BARS,
    CASELOADS,
    CHART,
    CONTROL,
    FUNNEL,
    LINES,
    ODD,
    RANGE,
    SAMPLES,
    STACK,
    STEPS,
    Sample,
    charts_app,
)
from tests.browser.conftest import serving

pytestmark = pytest.mark.browser

WIDTHS = (375, 1132)
FAULTS = """() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("sticks out at the side");
  for (const text of document.querySelectorAll(".chart svg text")) {
    const { left, right, width } = text.getBoundingClientRect();
    const words = text.textContent;
    if (!width) continue;
    if (left < 0 || right > innerWidth) found.push(`cut off: ${words}`);
    if (parseFloat(getComputedStyle(text).fontSize) < 12) found.push(`too small: ${words}`);
    if (/NaN|undefined|null/.test(words)) found.push(`not a value: ${words}`);
  }
  for (const path of document.querySelectorAll(".chart svg path[d]")) {
    if (/NaN|undefined/.test(path.getAttribute("d"))) found.push("a path that leads nowhere");
  }
  return found;
}"""
LABELS = ".chart-end text, .chart-signal, .chart-change text, .chart-category, .chart-axis text"
OVERLAPS = """(selector) => {
  const boxes = [...document.querySelectorAll("figure.chart")].map((figure) =>
    [...figure.querySelectorAll(selector)].map((text) => [text, text.getBoundingClientRect()]));
  return boxes.flatMap((some) => some.flatMap(([one, a], at) => some.slice(at + 1)
    .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1
      && a.top < b.bottom - 5 && b.top < a.bottom - 5)
    .map(([other]) => `${one.textContent} / ${other.textContent}`)));
}"""


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[str]:
    """A page of all samples, or of those that a test names."""
    with serving(charts_app(getattr(request, "param", SAMPLES))) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    """A page at phone and at desk size; complaints of the browser fail the test. It closes
    before the site does, which may still be asked for something."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    context.set_default_timeout(10_000)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def only(*samples: Sample) -> Any:
    """The site has these charts and no others."""
    return pytest.mark.parametrize("site", [list(samples)], indirect=True, ids=["few"])


def open_charts(page: Page, site: str) -> Locator:
    page.goto(site)
    figures = page.locator("figure.chart", has=page.locator("table"))
    expect(page.locator(".chart-plot svg[height]")).to_have_count(figures.count())
    return figures


@pytest.mark.parametrize("site", [SAMPLES, ODD], indirect=True, ids=["usual", "odd"])
def test_every_chart_is_drawn_within_its_page_and_named_by_its_title(page: Page, site: str) -> None:
    figures = open_charts(page, site)
    assert page.evaluate(FAULTS) == []
    for figure in figures.all():
        title = figure.locator(".chart-title").inner_text()
        role = "group" if figure.locator("svg a").count() else "img"
        expect(figure.locator("svg")).to_have_role(role)
        expect(figure.locator("svg")).to_have_accessible_name(title)


def test_no_words_lie_on_others(page: Page, site: str) -> None:
    open_charts(page, site)
    assert page.evaluate(OVERLAPS, LABELS) == []


@only(LINES, BARS, STACK, RANGE, FUNNEL, CONTROL)
def test_each_row_with_a_value_has_a_mark(page: Page, site: str) -> None:
    figures = open_charts(page, site)
    values = sum(row[key] is not None for row in LINES.rows for key in ("sent", "accepted", "done"))
    rows = [len(sample.rows) for sample in (BARS, STACK, RANGE, FUNNEL, CONTROL)]
    marks = [figure.locator(".chart-mark").count() for figure in figures.all()]
    assert marks == [values, *rows]
    assert figures.nth(2).locator("rect.chart-part").count() == 4 * 4 + 4


@only(*CASELOADS)
def test_what_is_not_certain_is_a_band_around_its_line(page: Page, site: str) -> None:
    figures = open_charts(page, site).all()
    assert [figure.locator(".chart-line").count() for figure in figures] == [2, 1, 6, 1]
    assert [figure.locator(".chart-band").count() for figure in figures] == [0, 1, 0, 1]


@only(LINES)
def test_a_line_breaks_where_a_value_is_missing(page: Page, site: str) -> None:
    figure = open_charts(page, site).first
    lines = figure.locator(".chart-line").evaluate_all(
        "all => all.map((one) => one.attributes.d.value)"
    )
    assert [line.count("M") for line in lines] == [1, 2, 1]
    changes = figure.locator(".chart-change").all_text_contents()
    assert changes == ["Reminders after two days", "New intake form"]


@only(LINES, STEPS)
def test_series_differ_without_colour(page: Page, site: str) -> None:
    lines, steps = open_charts(page, site).all()
    for figure in (lines, steps):
        dashes = figure.locator(".chart-line").evaluate_all(
            "all => all.map((one) => one.getAttribute('stroke-dasharray'))"
        )
        assert len(set(dashes)) == 3
    shapes = lines.locator(".chart-end .chart-shape").evaluate_all(
        "all => all.map((one) => one.attributes.d.value)"
    )
    assert len(set(shapes)) == 3
    assert lines.locator(".chart-end").all_text_contents() != []
    bands = steps.locator(".chart-pattern path").evaluate_all(
        "all => all.map((one) => one.attributes.d.value)"
    )
    assert len(bands) == len(set(bands)) == 2


@only(STACK)
def test_parts_of_a_bar_differ_in_pattern_and_carry_their_values(page: Page, site: str) -> None:
    figure = open_charts(page, site).first
    first = figure.locator(".chart-mark").first
    fills = first.locator("rect").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).fill)"
    )
    assert len(set(fills)) == 4
    assert {"140", "61", "88", "319"} <= set(first.locator("text").all_text_contents())


@only(FUNNEL)
def test_agencies_outside_have_another_shape_and_a_name(page: Page, site: str) -> None:
    figure = open_charts(page, site).first
    outside = [row for row in FUNNEL.rows if row["signal"]]
    assert 0 < len(outside) < len(AGENCIES)
    usual = figure.locator(".chart-mark .chart-shape.chart-series-1")
    far = figure.locator(".chart-mark .chart-out")
    assert usual.count() == len(AGENCIES) - len(outside)
    assert far.count() == sum(row["level"] == "" for row in outside)
    assert usual.first.get_attribute("d") != far.first.get_attribute("d")
    named = set(figure.locator(".chart-signal").all_text_contents())
    assert {row["agency"] for row in outside if not row["level"]} <= named
    assert named <= {row["agency"] for row in outside}


@only(BARS, FUNNEL)
def test_a_point_leads_where_its_row_leads_and_is_told_on_focus(page: Page, site: str) -> None:
    for figure in open_charts(page, site).all():
        listed = figure.locator("tbody a").evaluate_all("all => all.map((one) => one.href)")
        drawn = figure.locator("svg a").evaluate_all("all => all.map((one) => one.href.baseVal)")
        assert drawn == listed
        link = figure.locator("svg a").nth(2)
        link.focus()
        name = figure.locator("tbody a").nth(2).text_content() or ""
        expect(figure.locator(".chart-told")).to_contain_text(name)
        expect(link).to_have_accessible_name(re.compile(re.escape(name)))


@only(FUNNEL)
def test_a_link_is_followed_with_the_keyboard(page: Page, site: str) -> None:
    figure = open_charts(page, site).first
    figure.locator("svg a").nth(3).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"agency=4$"))
    expect(page.locator("svg[height]")).to_be_visible()


@only(CONTROL)
def test_limits_begin_anew_with_a_change_and_causes_are_said(page: Page, site: str) -> None:
    figure = open_charts(page, site).first
    centre = figure.locator("path.chart-centre").get_attribute("d") or ""
    assert centre.count("M") == len(CHART.phases) == 2
    assert figure.locator("path.chart-limit").count() == 2
    expect(figure.locator(".chart-mark .chart-out")).to_have_count(1)
    expect(figure.locator(".chart-signal")).to_have_text(re.compile("A point.*beyond a.*limit"))


@only(LINES)
def test_the_row_under_the_pointer_is_told(page: Page, site: str) -> None:
    figure = open_charts(page, site).first
    box = figure.locator("svg").bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 100)
    told = figure.locator(".chart-told")
    expect(told).to_have_text(
        re.compile(r"2025: Sent \d+, Accepted by an agency \d+, Completed \d+")
    )
    page.mouse.move(0, 0)
    expect(told).to_have_text("")


@only(LINES)
def test_a_chart_is_drawn_anew_for_another_width(page: Page, site: str) -> None:
    figure = open_charts(page, site).first
    page.set_viewport_size({"width": 700, "height": 900})
    expect(figure.locator("svg")).to_have_attribute("width", "668")
    assert page.evaluate(FAULTS) == []


@only(LINES, FUNNEL)
def test_on_paper_the_numbers_are_open_and_all_is_black(page: Page, site: str) -> None:
    figures = open_charts(page, site)
    expect(figures.first.locator("table")).not_to_be_visible()
    page.emulate_media(media="print")
    for figure in figures.all():
        expect(figure.locator("table")).to_be_visible()
    inks = page.locator(".chart-line, .chart-out").evaluate_all(
        "all => all.flatMap((one) => [getComputedStyle(one).stroke, getComputedStyle(one).fill])"
    )
    assert set(inks) <= {"rgb(0, 0, 0)", "rgb(255, 255, 255)", "none"}


@only(LINES)
def test_before_printing_a_chart_takes_the_width_of_the_paper(page: Page, site: str) -> None:
    figure = open_charts(page, site).first
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(figure.locator("svg")).to_have_attribute("width", "680")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(figure.locator("svg")).not_to_have_attribute("width", "680")


def test_without_scripts_the_tables_are_there(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    expect(page.locator("figure.chart table:visible")).to_have_count(len(SAMPLES))
    expect(page.get_by_role("table", name=FUNNEL.title)).to_contain_text("Far outside")
    context.close()


def test_without_the_library_the_tables_are_there(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/d3.min.js", lambda route: route.abort())
    page.goto(site)
    expect(page.locator("figure.chart table:visible")).to_have_count(len(SAMPLES))
    context.close()
