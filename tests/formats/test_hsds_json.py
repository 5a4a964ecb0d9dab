"""Nested HSDS JSON becomes flat records under the standard's names."""

from tests.formats.conftest import ReadFiles, ReadJson

ORG = "11111111-1111-4111-8111-111111111111"
SVC = "22222222-2222-4222-8222-222222222222"
SAL = "33333333-3333-4333-8333-333333333333"
LOC = "44444444-4444-4444-8444-444444444444"
PHONE = "55555555-5555-4555-8555-555555555555"
TERM = "66666666-6666-4666-8666-666666666666"
ATTRIBUTE = "77777777-7777-4777-8777-777777777777"

SERVICE = {
    "id": SVC,
    "name": " Food pantry ",
    "status": "active",
    "description": None,
    "alert": "  ",
    "minimum_age": 18,
    "organization": {"id": ORG, "name": "Food Bank", "description": "Feeds."},
    "phones": [{"id": PHONE, "number": "312-555-0100"}],
    "service_at_locations": [
        {
            "id": SAL,
            "location": {
                "id": LOC,
                "location_type": "physical",
                "phones": [{"id": PHONE, "number": "312-555-0100"}],
            },
        }
    ],
    "attributes": [{"id": ATTRIBUTE, "taxonomy_term": {"id": TERM, "name": "Food"}}],
}


def test_values_are_handed_over_as_they_are_and_empty_ones_left_out(read_json: ReadJson) -> None:
    service = read_json(SERVICE).one("service")
    assert service.values == {"name": " Food pantry ", "status": "active", "minimum_age": 18}


def test_nesting_becomes_references(read_json: ReadJson) -> None:
    read = read_json(SERVICE)
    assert read.one("service").references == {"organization_id": ORG}
    assert read.one("service_at_location").references == {"service_id": SVC, "location_id": LOC}
    assert read.problems == []


def test_a_record_that_stands_twice_is_told_twice_with_its_own_place(read_json: ReadJson) -> None:
    phones = read_json(SERVICE).all("phone")
    assert [(phone.id, phone.references) for phone in phones] == [
        (PHONE, {"location_id": LOC}),
        (PHONE, {"service_id": SVC}),
    ] or [(phone.id, phone.references) for phone in phones] == [
        (PHONE, {"service_id": SVC}),
        (PHONE, {"location_id": LOC}),
    ]


def test_an_attribute_belongs_to_what_it_stands_in(read_json: ReadJson) -> None:
    attribute = read_json(SERVICE).one("attribute")
    assert attribute.owner == ("service", SVC)
    assert attribute.references == {"taxonomy_term_id": TERM}


def test_metadata_belongs_to_what_it_stands_in(read_json: ReadJson) -> None:
    change = {"id": ATTRIBUTE, "resource_id": SVC, "resource_type": "service", "field_name": "name"}
    record = read_json(SERVICE | {"metadata": [change]}).one("metadata")
    assert (record.owner, record.references) == (("service", SVC), {})
    assert record.values == {"resource_type": "service", "field_name": "name"}


def test_the_place_of_every_record_is_known(read_json: ReadJson) -> None:
    read = read_json([SERVICE])
    assert read.one("location").origin.path == "[0].service_at_locations[0].location"
    assert [record.position for record in read.records] == list(range(len(read.records)))


def test_lines_and_paths_of_json_lines_are_known(read_files: ReadFiles) -> None:
    read = read_files({"a.jsonl": f'\n{{"id": "{ORG}", "website": "x", "name": "A"}}\n'})
    assert (read.one("organization").origin.line, read.one("organization").origin.path) == (2, "")


def test_pages_of_an_api_are_opened(read_json: ReadJson) -> None:
    page = {"total_items": 1, "page_number": 1, "empty": False, "contents": [SERVICE]}
    assert read_json(page).one("service").origin.path == "contents[0]"


def test_the_envelope_of_a_feed_is_opened(read_json: ReadJson) -> None:
    assert read_json({"content_hash": "x", "hsds": SERVICE}).one("service").origin.path == "hsds"


def test_a_record_with_a_key_like_an_envelope_s_is_still_a_record(read_json: ReadJson) -> None:
    read = read_json({"id": ORG, "name": "A", "website": "x", "data": {"id": "1", "name": "B"}})
    assert read.one("organization").values["name"] == "A"


def test_records_under_the_names_of_tables_are_known_by_them(read_json: ReadJson) -> None:
    minimal = {"id": "1", "name": "A", "description": "B"}
    read = read_json({"organizations": [minimal], "taxonomies": [minimal]})
    assert read.counts == {"organization": 1, "taxonomy": 1}


def test_a_minimal_record_is_known_by_the_name_of_its_file(read_json: ReadJson) -> None:
    minimal = {"id": "1", "name": "A", "description": "B"}
    assert read_json([minimal], "organizations.json").counts == {"organization": 1}


def test_what_tells_nothing_of_its_kind_is_an_error(read_json: ReadJson) -> None:
    read = read_json([{"id": "1", "name": "A"}])
    assert (read.records, read.errors) == ([], ["unknown_kind"])


def test_the_description_of_an_api_holds_no_records(read_json: ReadJson) -> None:
    read = read_json({"version": "3.0", "profile": "x", "openapi_url": "y"})
    assert read.problem("api_description").reason.endswith("holds no directory records")


def test_tabular_json_is_linked_by_ids(read_json: ReadJson) -> None:
    phone = {"id": "p1", "number": "1", "service_id": "s1", "location_id": "l1"}
    attribute = {"id": "a1", "link_id": "s1", "link_entity": "service", "taxonomy_term_id": "t1"}
    read = read_json({"phones.csv": [phone], "attributes.csv": [attribute]})
    assert read.one("phone").references == {"service_id": "s1", "location_id": "l1"}
    assert read.one("attribute").owner == ("service", "s1")
    assert read.one("attribute").references == {"link_id": "s1", "taxonomy_term_id": "t1"}


def test_a_tabular_attribute_of_an_unknown_table_has_no_owner(read_json: ReadJson) -> None:
    attribute = {"id": "a1", "link_id": "s1", "link_entity": "link_entity"}
    record = read_json({"attributes.csv": [attribute]}).one("attribute")
    assert (record.owner, record.values["link_entity"]) == (None, "link_entity")


def test_parents_that_the_standard_leaves_undeclared_are_references(read_json: ReadJson) -> None:
    terms = read_json([{"id": "t2", "name": "Bread", "code": "B", "parent_id": "t1"}])
    assert terms.one("taxonomy_term").references == {"parent_id": "t1"}


def test_a_list_where_a_value_belongs_is_left_out_with_a_warning(read_json: ReadJson) -> None:
    read = read_json(SERVICE | {"fees_description": ["free"]})
    assert "fees_description" not in read.one("service").values
    assert read.problem("not_a_value").field == "fees_description"


def test_a_value_where_a_record_belongs_is_left_out_with_a_warning(read_json: ReadJson) -> None:
    read = read_json(SERVICE | {"schedules": ["Mondays", 5]})
    assert read.codes == {"not_a_record": 2}


def test_nesting_wins_over_a_written_id(read_json: ReadJson) -> None:
    place = {"id": LOC, "addresses": [{"id": PHONE, "location_id": ORG, "city": "Chicago"}]}
    read = read_json({"id": ORG, "name": "A", "locations": [place]})
    assert read.one("address").references == {"location_id": LOC}
    assert read.problem("nesting_disagrees").value == ORG


def test_a_written_id_that_agrees_is_no_problem(read_json: ReadJson) -> None:
    place = {"id": LOC, "organization_id": ORG.upper(), "location_type": "postal"}
    read = read_json({"id": ORG, "name": "A", "locations": [place]})
    assert (read.one("location").references, read.problems) == ({"organization_id": ORG}, [])


def test_a_reference_beside_the_nesting_is_kept(read_json: ReadJson) -> None:
    phone = {"id": PHONE, "number": "1", "service_id": SVC}
    read = read_json({"id": LOC, "location_type": "virtual", "phones": [phone]})
    assert read.one("phone").references == {"location_id": LOC, "service_id": SVC}


def test_an_id_alone_is_a_reference_not_a_record(read_json: ReadJson) -> None:
    read = read_json({"id": SAL, "service": {"id": SVC}, "location": {"id": LOC}})
    assert read.counts == {"service_at_location": 1}
    assert read.one("service_at_location").references == {"service_id": SVC, "location_id": LOC}


def test_services_and_a_place_side_by_side_are_not_linked(read_json: ReadJson) -> None:
    organization = {
        "id": ORG,
        "name": "A",
        "services": [{"id": SVC, "name": "S", "status": "active"}],
        "locations": [{"id": LOC, "location_type": "physical"}],
    }
    assert "service_at_location" not in read_json(organization).counts


def test_a_service_that_names_its_places_is_linked_to_them(read_json: ReadJson) -> None:
    organization = {
        "id": ORG,
        "name": "A",
        "services": [{"id": SVC, "name": "S", "locations": [{"id": LOC}]}],
        "locations": [{"id": LOC, "location_type": "physical"}],
    }
    read = read_json(organization)
    assert read.one("service_at_location").references == {"service_id": SVC, "location_id": LOC}
    assert read.counts["location"] == 1


def test_a_place_that_names_its_services_is_linked_to_them(read_json: ReadJson) -> None:
    place = {"id": LOC, "location_type": "physical", "services": [{"id": SVC, "name": "S"}]}
    read = read_json(place)
    assert read.one("service_at_location").references == {"service_id": SVC, "location_id": LOC}
    assert read.one("service").values == {"name": "S"}


def test_records_nested_without_end_are_cut_off(read_json: ReadJson) -> None:
    value: dict[str, object] = {"id": ORG, "name": "A", "website": "x"}
    for number in range(40):
        value = {"id": f"s{number}", "name": "S", "status": "active", "organization": value}
        value = {"id": f"o{number}", "name": "O", "website": "x", "services": [value]}
    assert read_json(value).codes["too_deep"] == 1
