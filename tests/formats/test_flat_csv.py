"""A flat CSV: each row becomes an organization, a service, a place and what belongs to them."""

from collections.abc import Callable

from tests.formats.reading import Reading

ReadText = Callable[..., Reading]
FULL = (
    "Site ID,Name,Street Address,City,State,ZIP,Lat,Lng,Telephone,Days and Hours,Languages,Type\n"
    "p1,Hope Pantry,1 Main St,Chicago,IL,60601,41.8,-87.6,312-555-0100,Mon 9am-5pm,"
    '"Spanish, Polish",Food;Clothing\n'
)
MAPPED = {"id": "Site ID"}


def test_a_row_becomes_all_that_it_says(read_text: ReadText) -> None:
    read = read_text(FULL, mapping=MAPPED)
    assert read.counts == {
        "organization": 1,
        "service": 1,
        "location": 1,
        "service_at_location": 1,
        "address": 1,
        "phone": 1,
        "language": 2,
        "schedule": 1,
        "attribute": 2,
    }
    assert read.problems == []


def test_its_records_hang_together(read_text: ReadText) -> None:
    read = read_text(FULL, mapping=MAPPED)
    service, place, link = (
        read.one("service"),
        read.one("location"),
        read.one("service_at_location"),
    )
    organization = {"organization_id": read.one("organization").id}
    assert service.id == "p1"
    assert service.references == place.references == organization
    assert link.references == {"service_id": "p1", "location_id": place.id}
    assert read.one("address").references == {"location_id": place.id}
    assert read.one("phone").references == {"service_id": "p1", "location_id": place.id}
    assert read.one("schedule").references == {"service_at_location_id": link.id}


def test_values_are_the_row_s(read_text: ReadText) -> None:
    read = read_text(FULL, mapping=MAPPED)
    assert read.one("location").values == {
        "name": "Hope Pantry",
        "location_type": "physical",
        "latitude": "41.8",
        "longitude": "-87.6",
    }
    assert read.one("address").values["postal_code"] == "60601"
    assert read.one("schedule").values == {
        "freq": "WEEKLY",
        "byday": "MO",
        "opens_at": "09:00",
        "closes_at": "17:00",
    }


def test_a_row_without_a_name_is_an_error(read_text: ReadText) -> None:
    read = read_text("name,city\nA,Chicago\n,Chicago\n")
    assert (read.problem("no_name").origin.line, read.counts["service"]) == (3, 1)


def test_a_site_without_address_and_position_is_no_physical_place(read_text: ReadText) -> None:
    read = read_text("name,phone\nHotline,1\n")
    assert read.one("location").values == {"name": "Hotline"}
    assert "address" not in read.counts


def test_rows_that_name_the_same_organization_share_it(read_text: ReadText) -> None:
    text = "Agency,Program,City\nFood Bank,Pantry,Chicago\nFOOD  BANK,Kitchen,Evanston\n"
    read = read_text(text)
    assert read.one("organization").values == {"name": "Food Bank"}
    assert {s.values["name"] for s in read.all("service")} == {"Pantry", "Kitchen"}


def test_sites_of_one_name_in_two_towns_are_two_organizations(read_text: ReadText) -> None:
    text = "name,address,city\nFirst Church,1 A,X\nFirst Church,2 B,X\nFirst Church,3 C,Y\n"
    read = read_text(text)
    assert read.counts["organization"] == 2
    assert read.counts["location"] == 3


def test_keys_do_not_depend_on_the_order_of_rows(read_text: ReadText) -> None:
    rows = ["1,A,X,9", "1,B,X,9", "2,C,Y,1", "2,C,Y,2", ",D,Y,1", ",D,Y,2"]
    header = "id,name,address,phone\n"
    forth = read_text(header + "\n".join(rows))
    back = read_text(header + "\n".join(reversed(rows)))
    assert forth.ids("service") == back.ids("service")
    assert len(forth.ids("service")) == 6


def test_an_id_of_different_rows_is_said(read_text: ReadText) -> None:
    read = read_text("id,name,address\n1,A,X\n1,B,X\n2,C,Y\n")
    assert read.ids("service") == {"1 | A | X", "1 | B | X", "2"}
    assert read.problem("ambiguous_id").record == "1"


def test_a_row_that_repeats_another_is_read_once(read_text: ReadText) -> None:
    read = read_text("id,name,address\n1,A,X\n1,A,X\n")
    assert (read.counts["service"], read.codes) == (1, {"repeated_row": 1})


def test_hours_that_are_not_understood_stay_text(read_text: ReadText) -> None:
    read = read_text("name,phone,hours\nA,1,Call for hours\n")
    assert read.one("schedule").values == {"description": "Call for hours"}
    assert read.errors == []


def test_a_site_that_is_closed_all_week_says_so(read_text: ReadText) -> None:
    read = read_text("name,phone,hours\nA,1,Monday: Closed Tuesday: Closed\n")
    assert read.one("schedule").values == {"description": "Monday: Closed Tuesday: Closed"}


def test_a_column_a_weekday_becomes_the_week(read_text: ReadText) -> None:
    read = read_text("name,phone,Mon,Tue,Wed\nA,1,9am-5pm,9am - 5pm,closed\n")
    assert read.one("schedule").values["byday"] == "MO,TU"


def test_one_odd_weekday_keeps_the_whole_week_as_text(read_text: ReadText) -> None:
    read = read_text("name,phone,Mon,Tue,hours\nA,1,9am-5pm,by chance,Fri 1-3pm\n")
    assert [record.values.get("description") for record in read.all("schedule")] == [
        None,
        "Monday: 9am-5pm; Tuesday: by chance",
    ]


def test_columns_that_are_not_read_are_said(read_text: ReadText) -> None:
    read = read_text("name,phone,mood\nA,1,good\n")
    assert read.problem("unused_column").field == "mood"


def test_a_mapping_leads_columns_to_targets(read_text: ReadText) -> None:
    read = read_text("Who,Where\nA,Chicago\n", mapping={"name": "Who", "city": "where"})
    assert read.one("address").values["city"] == "Chicago"
