"""An agency looks after its listings: begun, edited by two at once, published, seen, taken back."""

import html
import json
import re
from datetime import datetime
from html.parser import HTMLParser
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from referral_hub.models import (
    AgencyOrganization,
    CostOption,
    Language,
    ListingChange,
    NetworkSetting,
    PendingIndex,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceCriterion,
)
from referral_hub.rules.actor import Person, System
from referral_hub.use_cases.maintain_index import rebuild_index
from referral_hub.web.hub import EXTENSION
from tests.http.conftest import Opener
from tests.http.hub_browser import Browser
from tests.network import ADMINISTRATOR, CASE_MANAGER, INTAKE, STEWARD, Network

BASE = re.compile(r'name="base" value="([^"]*)"')


class House:
    """An agency with an organization and its people, and another agency."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.id = network.agency()
        self.organization = network.organization("Harbor House")
        network.session.add(
            AgencyOrganization(organization_id=self.organization, agency_id=self.id)
        )
        network.session.commit()
        self.admin = network.person("Ada Admin", self.id, ADMINISTRATOR)
        self.editor = network.person("Ines Intake", self.id, INTAKE)
        self.worker = network.person("Carl Case", self.id, CASE_MANAGER)
        other = network.agency("Other")
        self.stranger = network.person("Sam Stranger", other, ADMINISTRATOR)
        self.steward = network.person("Stella Steward", None, STEWARD)

    def service(self, browser: Browser, name: str = "Night Shelter") -> str:
        """The address of a new draft."""
        browser.done("/listings/add/services", name=name, organization_id=self.organization)
        self.network.session.rollback()
        found = self.network.session.scalars(select(Service.id).where(Service.name == name)).one()
        return f"/listings/{found}"


@pytest.fixture
def house(network: Network) -> House:
    return House(network)


def base_of(page: str) -> str:
    """The form as it was opened."""
    found = BASE.search(page)
    assert found
    return html.unescape(found[1])


def form_of(page: str) -> dict[str, str]:
    """What a browser sends back of a form that nobody touched."""
    base = base_of(page)
    return {"base": base, **json.loads(base)["texts"]}


class Untouched(HTMLParser):
    """What a browser sends of the form with a base when nobody touches it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._inside = False
        self._text = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "form":
            self._inside = "/edit/" in given.get("action", "")
        elif self._inside and tag == "textarea":
            self._text = name
            self.fields[name] = [""]
        elif self._inside and tag == "select":
            self._select = name
            self.fields[name] = []
        elif (
            self._inside
            and tag == "option"
            and ("selected" in given or not self.fields[self._select])
        ):
            self.fields[self._select] = [given.get("value", "")]
        elif self._inside and tag == "input" and (kind != "checkbox" or "checked" in given):
            self.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "textarea":
            self._text = ""


def test_what_nobody_touched_in_a_browser_stays_as_its_source_wrote_it(
    browse: Opener, house: House
) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    session, service_id = house.network.session, UUID(address.rpartition("/")[2])
    stamps = {"created_at": house.network.now, "updated_at": house.network.now}
    session.add_all([
        Phone(service_id=service_id, number=" 312 555  0100", type="Hotline", **stamps),
        CostOption(service_id=service_id, option="a\nb", amount=0.1 + 0.2, **stamps),
        Language(service_id=service_id, code="es", **stamps),
        Schedule(service_id=service_id, byday="MO", opens_at="whenever", **stamps),
        ServiceArea(service_id=service_id, name="  The   old town ", **stamps),
        ServiceCriterion(service_id=service_id, kind="gender", operator="one_of",
                         values=["girls"]),
        ServiceCriterion(service_id=service_id, kind="referral", operator="is", values=[True],
                         required=False),
        ServiceCriterion(service_id=service_id, kind="insurance", operator="one_of",
                         values=["none", "medicaid"], required=False),
    ])  # fmt: skip
    session.commit()
    before = len(session.scalars(select(ListingChange)).all())
    for key in ("about", "who", "hours", "contacts", "cost", "languages", "papers", "area",
                "places", "questions"):  # fmt: skip
        edit = f"{address}/edit/{key}"
        fields = Untouched(ada.page(edit)).fields
        del fields["form_token"]
        assert "Nothing was changed" in ada.done(edit, **fields), key
    session.rollback()
    assert len(session.scalars(select(ListingChange)).all()) == before


def test_a_service_is_begun_edited_published_and_seen(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    public = address.replace("/listings/", "/services/")
    edit = f"{address}/edit/about"
    ada.done(edit, **form_of(ada.page(edit)) | {"description": "A bed for the night, and supper."})
    assert "A bed for the night" in ada.page(f"{address}/preview")
    browse().page(public, 404)
    done = ada.done(f"{address}/state", move="publish")
    assert "Everybody can find it" in done
    assert "A bed for the night" in browse().page(public)
    history = ada.page(f"{address}/history")
    for said in ("Ada Admin", "What it does", "A bed for the night", "your agency only"):
        assert said in history


def test_a_draft_is_nowhere_public(app: Flask, browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    address = house.service(ada, "Secret Plan")
    hub = app.extensions[EXTENSION]
    rebuild_index(
        house.network.session, System(), hub.searcher, hub.gazetteer, now=house.network.now
    )
    service_id = address.rpartition("/")[2]
    stranger = browse()
    stranger.page(f"/services/{service_id}", 404)
    assert "Secret Plan" not in stranger.page("/find", q="secret plan")
    assert stranger.get(f"/hsds/services/{service_id}").status_code == 404
    for path in ("/hsds/services", f"/hsds/organizations/{house.organization}"):
        assert "Secret Plan" not in stranger.get(path).text
    browse(house.stranger).page(address, 404)
    assert "Secret Plan" in browse(house.steward).page(address)


def test_two_edit_one_listing_and_nothing_typed_is_lost(browse: Opener, house: House) -> None:
    ada, ines = browse(house.admin), browse(house.editor)
    address = house.service(ada)
    edit = f"{address}/edit/about"
    first, second = form_of(ada.page(edit)), form_of(ines.page(edit))
    ada.done(edit, **first | {"description": "Ada's words.", "wait_time": "1 week"})
    mine = second | {"description": "Ines's words.", "alternate_name": "Haven"}
    page = ines.wrong(edit, 409, **mine)
    for shown in ("Ada&#39;s words.", "Ines&#39;s words.", 'value="Haven"', "Ada Admin"):
        assert shown in page
    assert 'value="1 week"' in page  # what only Ada changed is there already
    assert "theirs.description" in page

    typed = form_of(page) | {"description": "Ines's words.", "alternate_name": "Haven"}
    ines.done(edit, **typed)
    saved = form_of(ines.page(edit))
    assert saved["description"] == "Ines's words."
    assert (saved["wait_time"], saved["alternate_name"]) == ("1 week", "Haven")


def test_who_prefers_the_words_of_the_other_ticks_them(browse: Opener, house: House) -> None:
    ada, ines = browse(house.admin), browse(house.editor)
    address = house.service(ada)
    edit = f"{address}/edit/about"
    opened = form_of(ines.page(edit))
    ada.done(edit, **form_of(ada.page(edit)) | {"description": "Ada's words."})
    page = ines.wrong(edit, 409, **opened | {"description": "Mine.", "wait_time": "2 weeks"})
    typed = form_of(page) | {"description": "Mine.", "wait_time": "2 weeks"}
    ines.done(edit, **typed | {"theirs.description": "yes"})
    saved = form_of(ines.page(edit))
    assert (saved["description"], saved["wait_time"]) == ("Ada's words.", "2 weeks")


def test_the_second_is_told_what_the_first_changed_elsewhere_in_the_form(
    browse: Opener, house: House
) -> None:
    ada, ines = browse(house.admin), browse(house.editor)
    address = house.service(ada)
    edit = f"{address}/edit/about"
    opened = form_of(ines.page(edit))
    ada.done(edit, **form_of(ada.page(edit)) | {"wait_time": "1 week"})
    told = ines.done(edit, **opened | {"alternate_name": "Haven"})
    assert "Meanwhile Ada Admin changed: Usual wait" in told
    assert form_of(ines.page(edit))["wait_time"] == "1 week"


def test_both_add_to_a_list_and_both_are_kept(browse: Opener, house: House) -> None:
    ada, ines = browse(house.admin), browse(house.editor)
    address = house.service(ada)
    edit = f"{address}/edit/papers"
    opened = form_of(ines.page(edit))
    ada.done(edit, **form_of(ada.page(edit)) | {"required_document": "Photo ID"})
    ines.done(edit, **opened | {"required_document": "Pay stubs"})
    assert form_of(ines.page(edit))["required_document"] == "Photo ID\nPay stubs"


def test_hours_in_words_are_shown_as_understood_before_they_are_saved(
    browse: Opener, house: House
) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    edit = f"{address}/edit/hours"
    typed = form_of(ada.page(edit)) | {"schedule": "Mon-Fri 9am-5pm\n2nd Sat 10am-2pm"}
    answer = ada.post(edit, **typed)
    assert answer.status_code == 200
    for said in ("Monday to Friday", "9 am to 5 pm", "Second Saturday of the month"):
        assert said in answer.text
    assert house.network.session.scalars(select(Schedule)).all() == []
    ada.done(edit, **typed, checked=typed["schedule"])
    assert form_of(ada.page(edit))["schedule"] == typed["schedule"]
    assert "Monday to Friday" in ada.page(f"{address}/preview")


def test_hours_that_cannot_be_read_are_handed_back(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    edit = f"{house.service(ada)}/edit/hours"
    page = ada.wrong(edit, **form_of(ada.page(edit)) | {"schedule": "whenever\nMon 9am-5pm"})
    assert "“whenever”" in page
    assert "whenever\nMon 9am-5pm" in page


def test_a_change_is_taken_back_unless_another_stands_on_it(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    edit = f"{address}/edit/about"
    for words in ("First.", "Second."):
        ada.done(edit, **form_of(ada.page(edit)) | {"description": words})
    house.network.session.rollback()
    changes = house.network.session.scalars(
        select(ListingChange.id).order_by(ListingChange.id)
    ).all()
    made, first, second = changes
    refused = ada.wrong(f"{address}/history/{first}/undo", 409)
    assert "“What it does” was changed again later" in refused
    ada.done(f"{address}/history/{second}/undo")
    assert form_of(ada.page(edit))["description"] == "First."
    ada.wrong(f"{address}/history/{second}/undo", 409)
    assert "Retire the listing instead" in ada.wrong(f"{address}/history/{made}/undo", 409)


def test_a_condition_read_in_the_text_is_stated_once_confirmed(
    browse: Opener, house: House
) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    edit = f"{address}/edit/who"
    words = "Adults 60 and older. Veterans only."
    ada.done(edit, **form_of(ada.page(edit)) | {"eligibility_description": words})
    page = ada.page(edit)
    assert "Ages 60 and older" in page
    key = html.unescape(re.findall(r'name="condition" value="(age[^"]*)"', page)[0])
    ada.done(f"{address}/conditions", condition=key)
    assert form_of(ada.page(edit))["who.age_from"] == "60"
    assert "Ages 60 and older" in ada.page(f"{address}/preview")
    ada.wrong(f"{address}/conditions", 409, condition=key)


def test_where_the_network_wants_it_a_steward_looks_first(browse: Opener, house: House) -> None:
    ada, stella = browse(house.admin), browse(house.steward)
    settings = stella.page("/network/settings")
    assert "listings_published_by" in settings
    house.network.session.add(
        NetworkSetting(
            name="listings_published_by",
            value="steward",
            changed_by="system:test",
            changed_at=house.network.now,
        )
    )
    house.network.session.commit()
    address = house.service(ada)
    edit = f"{address}/edit/about"
    ada.done(edit, **form_of(ada.page(edit)) | {"description": "A bed for the night."})
    ada.wrong(f"{address}/state", 409, move="publish")
    ada.done(f"{address}/state", move="submit")
    assert "Night Shelter" in stella.page("/network/listings")
    stella.wrong(f"{address}/state", 422, move="return")
    stella.done(f"{address}/state", move="return", note="Add the hours, please.")
    assert "Add the hours, please." in ada.page(address)
    ada.done(f"{address}/state", move="submit")
    stella.done(f"{address}/state", move="publish")
    assert "A bed for the night" in browse().page(address.replace("listings", "services"))


def test_a_paused_and_a_retired_listing_say_so(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    public = address.replace("/listings/", "/services/")
    edit = f"{address}/edit/about"
    ada.done(edit, **form_of(ada.page(edit)) | {"description": "A bed for the night."})
    ada.done(f"{address}/state", move="publish")
    ada.wrong(f"{address}/state", 422, move="pause")
    ada.done(f"{address}/state", move="pause", note="Closed for repairs until May.")
    page = browse().page(public)
    assert "Closed for now" in page
    assert "Closed for repairs until May." in page
    ada.done(f"{address}/state", move="resume")
    assert "Closed for repairs" not in browse().page(public)
    ada.done(f"{address}/state", move="retire")
    assert "no longer offered" in browse().page(public)


@pytest.mark.parametrize(
    ("who", "sees", "edits"),
    [("admin", 200, 200), ("editor", 200, 200), ("worker", 200, 403), ("steward", 200, 200),
     ("stranger", 404, 404)],
)  # fmt: skip
def test_who_sees_and_who_edits(
    browse: Opener, house: House, who: str, sees: int, edits: int
) -> None:
    address = house.service(browse(house.admin))
    person: Person = getattr(house, who)
    assert browse(person).get(address).status_code == sees
    assert browse(person).get(f"{address}/history").status_code == sees
    assert browse(person).get(f"{address}/preview").status_code == sees
    assert browse(person).get(f"{address}/edit/about").status_code == edits


def test_the_list_says_what_is_missing_and_why(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    assert "0 of 100" in ada.page("/listings")
    page = ada.page(address)
    assert "Add a phone number or e-mail address" in page
    assert "nobody can ask" in page


def test_rows_come_change_and_go(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    edit = f"{address}/edit/contacts"
    new = {"phone.new0.number": "312 555 0100", "phone.new0.type": "voice"}
    ada.done(edit, **form_of(ada.page(edit)) | new)
    texts = form_of(ada.page(edit))
    (name,) = [name for name in texts if name.endswith(".number")]
    ada.done(edit, **texts | {name: "312 555 0199"})
    assert form_of(ada.page(edit))[name] == "312 555 0199"
    wrong = ada.wrong(edit, **texts | {name: "312 555 0199", "phone.new0.description": "Desk"})
    assert 'value="Desk"' in wrong
    ada.done(edit, **form_of(ada.page(edit)) | {name.replace("number", "remove"): "yes"})
    assert not [name for name in form_of(ada.page(edit)) if name.startswith("phone.")]


def test_more_records_than_there_may_be_come_back_all(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    edit = f"{house.service(ada)}/edit/contacts"
    many = {f"phone.new{each}.number": f"312 555 {each:04}" for each in range(61)}
    page = ada.wrong(edit, **form_of(ada.page(edit)) | many)
    assert 'value="312 555 0060"' in page


def test_what_no_published_service_needs_is_hidden_and_shown(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    ada.done("/listings/add/locations", name="Annex", organization_id=house.organization)
    (address,) = set(re.findall(r'"(/listings/locations/[0-9a-f-]+)"', ada.page("/listings")))
    assert "Not shown" in ada.page(address)
    assert "Everybody sees it now" in ada.done(f"{address}/state", seen="everybody")
    assert "Hide it" in ada.page(address)
    ada.wrong(f"{address}/state", 422, seen="nobody")
    assert "Only your agency sees it now" in ada.done(f"{address}/state", seen="agency")


def test_the_area_is_chosen_on_a_map_or_typed(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    page = ada.page(f"{house.service(ada)}/edit/area")
    assert "js/area_map.js" in page
    assert re.search(r'id="area-map"[^>]* hidden', page), "nothing without its script"
    for name in ("service_area", "area-frame", "area-miles", "area-add", "area-note"):
        assert f'id="{name}"' in page
    assert 'min="0.1" max="500"' in page


def test_a_published_service_waits_to_be_indexed(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    session = house.network.session
    session.query(PendingIndex).delete()
    session.commit()
    edit = f"{address}/edit/about"
    ada.done(edit, **form_of(ada.page(edit)) | {"description": "A bed."})
    session.rollback()
    assert session.scalars(select(PendingIndex.service_id)).all() == [
        UUID(address.rpartition("/")[2])
    ]


def test_last_modified_moves_with_each_edit(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    session = house.network.session

    def moment() -> datetime:
        session.rollback()
        said = session.get_one(Service, UUID(address.rpartition("/")[2])).last_modified
        assert said
        return datetime.fromisoformat(said)

    before = moment()
    edit = f"{address}/edit/languages"
    ada.done(edit, **form_of(ada.page(edit)) | {"language": "Spanish"})
    assert moment() > before


@pytest.mark.parametrize(
    "base",
    ["", "{", "[]", "7", '{"texts": [], "seen": 1}', '{"texts": {}, "seen": 1e999}',
     '{"texts": {"name": 7}, "seen": 99999999999999999999}', "[" * 9000,
     '{"texts": {"phone.x.number": "1"}, "seen": "x"}'],
)  # fmt: skip
def test_a_form_whose_base_is_made_up_overwrites_nothing_without_asking(
    browse: Opener, house: House, base: str
) -> None:
    ada = browse(house.admin)
    edit = f"{house.service(ada)}/edit/about"
    page = ada.wrong(edit, 409, base=base, name="Other name")
    assert 'value="Other name"' in page
    assert form_of(ada.page(edit))["name"] == "Night Shelter"


def test_a_change_that_cannot_be_is_not_there(browse: Opener, house: House) -> None:
    ada = browse(house.admin)
    address = house.service(ada)
    ada.wrong(f"{address}/history/{10**30}/undo", 404)
    assert ada.get(f"{address}/history", before="x").status_code == 422
    assert ada.get(f"{address}/edit/nothing").status_code == 404
