"""Editing a listing: what is typed becomes records, what nobody touched stays as it is."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    Address,
    Contact,
    CostOption,
    Funding,
    IntakeQuestion,
    Language,
    Location,
    OrganizationIdentifier,
    Phone,
    Program,
    RequiredDocument,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCriterion,
    Url,
)
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound, NotPermitted
from referral_hub.rules.listings import ListingKey
from referral_hub.use_cases.add_listing import add_listing
from referral_hub.use_cases.edit_listing import check_hours, confirm_condition, show_section
from referral_hub.use_cases.listing_views import Saved
from tests.factories import an_organization, uid
from tests.fakes import CHICAGO
from tests.threads import at_once
from tests.use_cases.conftest import Importer
from tests.use_cases.listing_world import (
    GAZETTEER,
    LOCATION,
    ORGANIZATION,
    SERVICE,
    Desk,
    a_desk,
)


@pytest.fixture
def desk(session: Session, load: Importer, now: datetime) -> Desk:
    return a_desk(session, load, now)


def test_a_form_that_nobody_touched_changes_nothing(
    session: Session, load: Importer, now: datetime
) -> None:
    desk = a_desk(
        session, load, now,
        description=" Lawyers.\r\nFree. ",
        phones=[{"id": uid("phone"), "number": "312 555 0100", "extension": 4}],
        contacts=[{"id": uid("contact"), "name": "Ann"}],
        cost_options=[{"id": uid("cost"), "option": "Adults", "amount": 25, "currency": "USD"}],
        languages=[{"id": uid("language"), "code": "es"}],
        required_documents=[{"id": uid("paper"), "document": "Photo ID"}],
        service_areas=[{"id": uid("area"), "name": "Cook County, IL"}],
        schedules=[{"id": uid("odd"), "freq": "WEEKLY", "byday": "MO", "interval": 2}],
        minimum_age=18,
    )  # fmt: skip
    for section in desk.form("about").head.sections:
        assert desk.save(section.key, {}).is_changed is False, section.key
    for key in ("about", "hours", "contacts", "access"):
        assert desk.save(key, {}, LOCATION).is_changed is False, key
    assert desk.changes() == []


def test_records_that_no_line_can_say_stay_and_are_shown(
    session: Session, load: Importer, now: datetime
) -> None:
    odd = {"id": uid("odd"), "freq": "WEEKLY", "byday": "MO", "interval": 2, "opens_at": "09:00",
           "closes_at": "10:00", "dtstart": "2026-01-05"}  # fmt: skip
    desk = a_desk(session, load, now, schedules=[odd])
    view = desk.form("hours")
    assert view.texts == {"schedule": ""}
    assert view.kept == ("Every other Monday",)
    desk.save("hours", {"schedule": "Tue 9am-5pm"})
    assert {row.byday for row in desk.rows(Schedule)} == {"MO", "TU"}


def test_lines_that_go_take_their_records_and_new_ones_bring_theirs(desk: Desk) -> None:
    desk.save("papers", {"required_document": "Photo ID\nForm 8 https://irs.example/8"})
    assert [(row.document, row.uri) for row in desk.rows(RequiredDocument)].sort() is None
    said = {(row.document, row.uri, row.service_id) for row in desk.rows(RequiredDocument)}
    assert said == {
        ("Photo ID", None, SERVICE.id), ("Form 8", "https://irs.example/8", SERVICE.id),
    }  # fmt: skip
    desk.save("papers", {"required_document": "Form 8 https://irs.example/8"})
    assert [row.document for row in desk.rows(RequiredDocument)] == ["Form 8"]
    desk.save("languages", {"language": "Spanish\nKlingon"})
    assert {(row.name, row.code) for row in desk.rows(Language)} == {
        ("Spanish", "es"), ("Klingon", None),
    }  # fmt: skip


def test_an_area_may_be_words_or_a_circle_around_a_place(desk: Desk) -> None:
    lines = "60608\nWithin 5 miles of 60608\nThe old town\n2 miles around the office"
    desk.save("area", {"service_area": lines})
    extents = {row.name: (row.extent, row.extent_type) for row in desk.rows(ServiceArea)}
    assert extents["60608"] == ("60608", "text")
    middle = f"{CHICAGO.latitude:.5f},{CHICAGO.longitude:.5f}"
    assert extents["Within 5 miles of 60608"] == (f"{middle},8.047", "circle")
    assert extents["2 miles around the office"][0] == "41.85700,-87.65700,3.219"
    assert desk.form("area").unread == ("The old town",)
    assert desk.form("area").here == (41.857, -87.657)
    desk.save("area", {"service_area": "Within 3 miles of 41.9, -87.6"})
    assert [row.extent for row in desk.rows(ServiceArea)] == ["41.90000,-87.60000,4.828"]
    for wrong in ("0.01 miles of 60608", "3 miles of 91, 10", "3 miles of 10, 181"):
        with pytest.raises(InvalidInput):
            desk.save("area", {"service_area": wrong})
    with pytest.raises(InvalidInput) as refused:
        desk.save("area", {"service_area": "5 miles around Atlantis"})
    assert "Atlantis" in refused.value.fields["service_area"]


def test_a_service_has_more_web_pages_than_one(desk: Desk) -> None:
    lines = "Donate https://fair.example/donate\nhttps://fair.example/rights"
    desk.save("about", {"more_pages": f"{lines}\nRent help fair.example/rent"})
    assert {(row.label, row.url) for row in desk.rows(Url)} == {
        ("Donate", "https://fair.example/donate"), (None, "https://fair.example/rights"),
        ("Rent help", "https://fair.example/rent"),
    }  # fmt: skip
    assert desk.form("about").texts["more_pages"].startswith(lines)
    for wrong in ("our page", "Pay javascript:alert(1).x", "https://"):
        with pytest.raises(InvalidInput):
            desk.save("about", {"more_pages": wrong})


def test_conditions_are_plain_answers(desk: Desk) -> None:
    desk.save(
        "who",
        {
            "who.age_from": "60", "who.residence": "Cook County, IL\nThe old town",
            "who.children": "yes", "who.income": "200", "who.gender": "women",
            "who.veteran": "no", "who.other": "Must be sober.", "who.preferred": "veteran",
        },
    )  # fmt: skip
    said = {
        (row.kind, row.operator, tuple(row.values), row.required, row.quote, row.source)
        for row in desk.rows(ServiceCriterion)
    }
    assert said == {
        ("age", "between", (60.0, None), True, None, "agency"),
        ("residence", "one_of", ("county:IL:cook county", "named:The old town"), True, None,
         "agency"),
        ("household", "is", ("children",), True, None, "agency"),
        ("income", "at_most", (200.0, 2026), True, None, "agency"),
        ("gender", "one_of", ("women",), True, None, "agency"),
        ("veteran", "is", (False,), False, None, "agency"),
        ("other", "read", (), True, "Must be sober.", "agency"),
    }  # fmt: skip
    service = desk.session.get_one(Service, SERVICE.id)
    assert (service.minimum_age, service.maximum_age) == (60.0, None)
    texts = desk.form("who").texts
    assert texts["who.residence"] == "Cook County, IL\nThe old town"
    assert desk.save("who", {}).is_changed is False
    desk.save("who", dict.fromkeys(texts, ""))
    assert desk.rows(ServiceCriterion) == []
    assert desk.session.get_one(Service, SERVICE.id).minimum_age is None


@pytest.mark.parametrize(
    ("name", "text"),
    [("who.age_from", "old"), ("who.age_from", "130"), ("who.income", "0"),
     ("who.gender", "cats"), ("who.veteran", "perhaps")],
)  # fmt: skip
def test_an_answer_that_means_nothing_is_told_beside_its_field(
    desk: Desk, name: str, text: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.save("who", {name: text})
    assert set(refused.value.fields) == {name}
    assert desk.rows(ServiceCriterion) == []


@pytest.mark.parametrize("name", ["who.residence", "who.language", "who.other"])
def test_lists_of_conditions_have_an_end(desk: Desk, name: str) -> None:
    for text in ("x" * 301, "\n".join(map(str, range(401)))):
        with pytest.raises(InvalidInput) as refused:
            desk.save("who", {name: text})
        assert set(refused.value.fields) == {name}


def test_a_long_list_that_nobody_touched_is_no_fault(desk: Desk) -> None:
    desk.save("who", {"who.residence": "60608"})
    zips = [f"zip:{number:05}" for number in range(500)]
    desk.session.execute(update(ServiceCriterion).values(values=zips))
    desk.session.commit()
    assert desk.save("who", {"who.age_from": "60"}).is_changed


def test_ages_that_end_before_they_begin_are_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.save("who", {"who.age_from": "60", "who.age_to": "18"})
    assert "larger" in refused.value.fields["who.age_from"]


def test_a_suggestion_is_stated_with_the_words_that_it_rests_on(desk: Desk) -> None:
    desk.save("who", {"eligibility_description": "Adults 60 and older. Residents of Cook County."})
    keys = {each.words: each.key for each in desk.form("who").suggestions}
    assert set(keys) == {"Ages 60 and older", "Lives here: Cook County, IL"}
    key = keys["Ages 60 and older"]
    confirm_condition(desk.session, desk.editor, SERVICE, key, GAZETTEER, now=desk.now)
    (row,) = desk.rows(ServiceCriterion)
    assert (row.kind, row.source) == ("age", "agency")
    assert "60 and older" in row.quote
    assert desk.session.get_one(Service, SERVICE.id).minimum_age == 60
    assert [each.words for each in desk.form("who").suggestions] == ["Lives here: Cook County, IL"]


def test_rows_have_all_their_fields(desk: Desk) -> None:
    desk.save(
        "cost", {"cost_option.new0.option": "Adults", "cost_option.new0.amount": "12.50",
                 "cost_option.new0.currency": "USD", "cost_option.new0.valid_to": "2027-01-31"},
    )  # fmt: skip
    (cost,) = desk.rows(CostOption)
    assert (cost.option, cost.amount, str(cost.valid_to)) == ("Adults", 12.5, "2027-01-31")
    desk.save(
        "questions", {"intake_question.new0.text": "How many children?",
                      "intake_question.new0.answer_kind": "number",
                      "intake_question.new0.required": "yes"},
    )  # fmt: skip
    (question,) = desk.rows(IntakeQuestion)
    assert (question.text, question.answer_kind, question.required, question.retired) == (
        "How many children?", "number", True, False,
    )  # fmt: skip


def test_a_contact_that_goes_takes_its_phone_and_what_is_spoken_there(
    session: Session, load: Importer, now: datetime
) -> None:
    phone = {"id": uid("phone"), "number": "312 555 0100",
             "languages": [{"id": uid("language"), "name": "Spanish"}]}  # fmt: skip
    contact = {"id": uid("contact"), "name": "Ann", "phones": [phone]}
    desk = a_desk(session, load, now, contacts=[contact])
    names = [name for name in desk.form("contacts").texts if name.startswith("contact.")]
    desk.save("contacts", dict.fromkeys(names, ""))
    assert desk.rows(Contact) == desk.rows(Phone) == desk.rows(Language) == []


def test_where_a_record_stood_in_its_file_does_not_count(
    session: Session, load: Importer, now: datetime
) -> None:
    desk = a_desk(
        session, load, now,
        phones=[{"id": uid("phone"), "number": "312 555 0100"}],
        languages=[{"id": uid("language"), "code": "es"}],
    )  # fmt: skip
    for model in (Phone, Language):
        session.execute(update(model).values(position=5000))
    session.commit()
    number = f"phone.{uid('phone')}.number"
    assert desk.save("contacts", {number: "312 555 0199"}).is_changed
    assert desk.save("languages", {"language": "Spanish\nFrench"}).is_changed
    many = {f"phone.new{each}.number": f"312 555 {each:04}" for each in range(60)}
    with pytest.raises(InvalidInput) as refused:
        desk.save("contacts", many)
    assert set(refused.value.fields) == {"form"}


def test_a_contact_without_a_name_stays_where_nobody_touches_it(
    session: Session, load: Importer, now: datetime
) -> None:
    contact = {"id": uid("contact"), "phones": [{"id": uid("phone"), "number": "n/a"}]}
    desk = a_desk(session, load, now, contacts=[contact])
    assert desk.form("contacts").kept == ("n/a",)
    desk.save("contacts", {"phone.new0.number": "312 555 0100"})
    assert len(desk.rows(Contact)) == 1


def test_a_contact_has_phones_of_its_own(session: Session, load: Importer, now: datetime) -> None:
    desk = a_desk(session, load, now)
    desk.save(
        "contacts", {"contact.new0.name": "Ann",
                     "contact.new0.phone": "312 555 0100\n(312) 555-0101 ext. 4 (Fax): nights"},
    )  # fmt: skip
    (ann,) = desk.rows(Contact)
    said = {(row.number, row.extension, row.type, row.description, row.contact_id, row.service_id)
            for row in desk.rows(Phone)}  # fmt: skip
    assert said == {
        ("312 555 0100", None, "voice", None, ann.id, None),
        ("(312) 555-0101", 4.0, "fax", "nights", ann.id, None),
    }
    name = f"contact.{ann.id}.phone"
    shown = desk.form("contacts").texts[name]
    assert shown.splitlines() == ["312 555 0100", "(312) 555-0101 ext. 4 (Fax): nights"]
    desk.save("contacts", {name: "312 555 0100"})
    assert [row.number for row in desk.rows(Phone)] == ["312 555 0100"]
    with pytest.raises(InvalidInput) as refused:
        desk.save("contacts", {name: "call us"})
    assert set(refused.value.fields) == {name}


def test_an_organization_states_its_funding_and_its_numbers(desk: Desk) -> None:
    desk.save("about", {"funding": "United Way\nCity of Chicago"}, ORGANIZATION)
    assert {row.source for row in desk.rows(Funding)} == {"United Way", "City of Chicago"}
    new = "organization_identifier.new0"
    desk.save(
        "identifiers", {f"{new}.identifier_type": "EIN", f"{new}.identifier": "36-0000000"},
        ORGANIZATION,
    )  # fmt: skip
    (row,) = desk.rows(OrganizationIdentifier)
    assert (row.identifier_type, row.identifier, row.identifier_scheme) == (
        "EIN", "36-0000000", None,
    )  # fmt: skip
    with pytest.raises(InvalidInput):
        desk.save("identifiers", {f"{new}.identifier_type": "DUNS"}, ORGANIZATION)


@pytest.mark.parametrize(
    ("key", "texts", "wrong"),
    [
        ("cost", {"option": "A", "amount": "-5"}, "amount"),
        ("cost", {"option": "A", "amount": "12,5"}, "amount"),
        ("cost", {"option": "A", "currency": "dollars"}, "currency"),
        ("cost", {"option": "A", "valid_from": "2027-02-01", "valid_to": "2027-01-01"}, "valid_to"),
        ("questions", {"text": "Which?", "answer_kind": "choice", "choices": "One"}, "choices"),
        ("contacts", {"number": "312 555 0100", "extension": "-4"}, "extension"),
        ("contacts", {"number": "312 555 0100", "extension": "2.5"}, "extension"),
    ],
)
def test_what_no_record_can_mean_is_told_beside_its_field(
    desk: Desk, key: str, texts: dict[str, str], wrong: str
) -> None:
    tables = {"cost": "cost_option", "questions": "intake_question", "contacts": "phone"}
    row = f"{tables[key]}.new0"
    with pytest.raises(InvalidInput) as refused:
        desk.save(key, {f"{row}.{name}": text for name, text in texts.items()})
    assert set(refused.value.fields) == {f"{row}.{wrong}"}
    assert desk.changes() == []


def test_a_place_lies_where_its_address_is(desk: Desk) -> None:
    made = add_listing(
        desk.session, desk.editor, "location", "Annex", ORGANIZATION.id, now=desk.now
    )
    typed = {"address.address_1": "1 Main St", "address.city": "Chicago",
             "address.state_province": "IL", "address.postal_code": "60608"}  # fmt: skip
    desk.save("about", typed, made)
    place = desk.session.get_one(Location, made.id)
    assert (place.point_latitude, place.point_longitude) == (CHICAGO.latitude, CHICAGO.longitude)
    assert (place.point_basis, place.time_zone) == ("zip", "America/Chicago")
    desk.save("about", {"latitude": "41.86", "longitude": "-87.66"}, made)
    desk.session.expire_all()
    assert (place.point_latitude, place.point_basis) == (41.86, "stated")
    for wrong in (
        {"latitude": "41.86", "longitude": ""}, {"latitude": "10", "longitude": "10"},
        {"latitude": "41,8781"},
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            desk.save("about", wrong, made)
        assert "latitude" in refused.value.fields
    with pytest.raises(InvalidInput) as refused:
        desk.save("about", {"address.city": ""}, made)
    assert set(refused.value.fields) == {"address.city"}


def test_where_a_confidential_place_is_stands_nowhere_in_plain(desk: Desk) -> None:
    desk.session.execute(update(Location).values(confidential=True))
    desk.session.commit()
    desk.save("about", {"address.address_1": "2 Hidden Ln"}, LOCATION)
    assert desk.rows(Address)[0].address_1 == ""
    with pytest.raises(Conflict, match="Name ZIP codes"):
        desk.save("area", {"service_area": "Within 5 miles of 60608"})
    options = dict(desk.form("places").options["place"])
    assert options[str(LOCATION.id)] == "Confidential place in Chicago"
    with pytest.raises(NotFound):
        show_section(
            desk.session,
            desk.steward,
            LOCATION,
            "about",
            GAZETTEER,
            desk.network.vault,
            now=desk.now,
        )


def test_a_service_leaves_a_place_and_comes_back_with_what_hung_on_it(desk: Desk) -> None:
    desk.save("places", {"place": ""})
    (link,) = desk.rows(ServiceAtLocation)
    assert link.vanished_at is not None
    desk.save("places", {"place": str(LOCATION.id)})
    (link,) = desk.rows(ServiceAtLocation)
    assert link.vanished_at is None
    with pytest.raises(InvalidInput):
        desk.save("places", {"place": str(UUID(int=7))})


def test_a_new_place_of_a_published_service_is_seen(desk: Desk) -> None:
    made = add_listing(
        desk.session, desk.editor, "location", "Annex", ORGANIZATION.id, now=desk.now
    )
    assert desk.session.get_one(Location, made.id).visibility == "hidden"
    desk.save("places", {"place": f"{LOCATION.id}\n{made.id}"})
    desk.session.expire_all()
    assert desk.session.get_one(Location, made.id).visibility == "public"


def test_a_service_belongs_to_a_program_of_its_organization(desk: Desk) -> None:
    made = add_listing(desk.session, desk.editor, "program", "Homes", ORGANIZATION.id, now=desk.now)
    desk.save("about", {"program_id": str(made.id)})
    assert desk.session.get_one(Service, SERVICE.id).program_id == made.id
    assert desk.session.get_one(Program, made.id).visibility == "public", "as its service"
    with pytest.raises(InvalidInput):
        desk.save("about", {"program_id": str(UUID(int=7))})


def test_two_who_change_the_same_row_are_asked_and_two_rows_are_not(
    session: Session, load: Importer, now: datetime
) -> None:
    phones = [{"id": uid(name), "number": f"312 555 010{number}"}
              for number, name in enumerate(("one", "two"))]  # fmt: skip
    desk = a_desk(session, load, now, phones=phones)
    opened = desk.form("contacts")
    one, two = (f"phone.{uid(name)}.number" for name in ("one", "two"))
    desk.save("contacts", {one: "312 555 0111"}, actor=desk.colleague)
    assert desk.save("contacts", {two: "312 555 0122"}, opened=opened).is_changed
    done = desk.save("contacts", {one: "312 555 0199"}, opened=opened)
    assert [(clash.mine, clash.theirs) for clash in done.clashes] == [
        ("312 555 0199", "312 555 0111")
    ]
    assert {each.who for each in done.since} == {"Bea Admin", "Ada Admin"}
    assert {row.number for row in desk.rows(Phone)} == {"312 555 0111", "312 555 0122"}


def test_of_a_record_that_another_removed_nothing_typed_is_lost(
    session: Session, load: Importer, now: datetime
) -> None:
    phone = {"id": uid("one"), "number": "312 555 0100", "description": "Desk"}
    desk = a_desk(session, load, now, phones=[phone])
    opened = desk.form("contacts")
    row = f"phone.{uid('one')}"
    names = [name for name in opened.texts if name.startswith(row)]
    desk.save("contacts", dict.fromkeys(names, ""), actor=desk.colleague)
    done = desk.save("contacts", {f"{row}.number": "312 555 0199"}, opened=opened)
    assert [clash.name for clash in done.clashes] == [f"{row}.number"]
    assert done.texts[f"{row}.description"] == "Desk"
    desk.save("contacts", done.texts)
    assert [(each.number, each.description) for each in desk.rows(Phone)] == [
        ("312 555 0199", "Desk")
    ]


def test_two_other_times_for_the_same_day_are_for_somebody_to_choose(desk: Desk) -> None:
    desk.save("hours", {"schedule": "Mon 9am-5pm"})
    opened = desk.form("hours")
    desk.save("hours", {"schedule": "Mon 10am-6pm"}, actor=desk.colleague)
    done = desk.save("hours", {"schedule": "Mon 8am-4pm"}, opened=opened)
    assert [clash.theirs for clash in done.clashes] == ["Mon 10am-6pm"]
    assert done.texts["schedule"].splitlines() == ["Mon 10am-6pm", "Mon 8am-4pm"]
    assert [row.opens_at for row in desk.rows(Schedule)] == ["10:00"]


def test_hours_are_shown_as_they_would_be_read(desk: Desk) -> None:
    text = "Mon-Fri 9am-5pm\nClosed Dec 25"
    lines = check_hours(desk.session, desk.editor, SERVICE, text, GAZETTEER, now=desk.now)
    assert [(line.days, line.text) for line in lines] == [
        ("Monday to Friday", "9 am to 5 pm"), ("December 25", "closed"),
    ]  # fmt: skip
    with pytest.raises(InvalidInput):
        check_hours(desk.session, desk.editor, SERVICE, "sometimes", GAZETTEER, now=desk.now)
    assert desk.changes() == []


def test_public_holidays_are_the_days_that_the_agency_keeps(desk: Desk) -> None:
    desk.save("hours", {"schedule": "Closed on public holidays"})
    days = {str(row.valid_from) for row in desk.rows(Schedule)}
    assert {"2026-11-26", "2026-12-25", "2027-01-01"} <= days
    assert "Closed Dec 25, 2026 (Public holiday)" in desk.form("hours").texts["schedule"]


@pytest.mark.parametrize(
    ("who", "error"),
    [("worker", NotPermitted), ("stranger", NotFound)],
)
def test_only_editors_of_the_agency_and_stewards_edit(
    desk: Desk, who: str, error: type[Exception]
) -> None:
    actor: Any = getattr(desk, who)
    with pytest.raises(error):
        desk.save("about", {"name": "Mine now"}, actor=actor)
    desk.save("about", {"name": "Better name"}, actor=desk.steward)
    assert desk.session.get_one(Service, SERVICE.id).name == "Better name"


def test_what_no_agency_answers_for_is_the_stewards_alone(desk: Desk, load: Importer) -> None:
    load([an_organization("free", name="Free", services=[])], source="other")
    free = ListingKey("organization", UUID(uid("free")))
    with pytest.raises(NotFound):
        desk.save("about", {"name": "Mine"}, free)
    view = show_section(
        desk.session, desk.steward, free, "about", GAZETTEER, desk.network.vault, now=desk.now
    )
    assert view.texts["name"] == "Free"
    with pytest.raises(NotFound):
        add_listing(desk.session, desk.editor, "service", "New", free.id, now=desk.now)


def test_many_who_save_at_the_same_moment_lose_nothing(desk: Desk, engine: Engine) -> None:
    opened = {key: desk.form(key) for key in ("papers", "about")}
    desk.session.rollback()

    def save(number: int) -> Saved:
        with Session(engine) as session:
            own = replace(desk, session=session)
            own.save("papers", {"required_document": f"Paper {number}"}, opened=opened["papers"])
            return own.save("about", {"name": f"Name {number}"}, opened=opened["about"])

    answers = at_once(6, save)
    assert [each for each in answers if not isinstance(each, Saved)] == []
    assert sum(bool(each.clashes) for each in answers if isinstance(each, Saved)) == 5
    assert {row.document for row in desk.rows(RequiredDocument)} == {
        f"Paper {number}" for number in range(6)
    }
