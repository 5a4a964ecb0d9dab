"""Ohana's CSV files land whole under today's names."""

from tests.formats.conftest import ReadFiles
from tests.formats.reading import Reading


def ohana(read_files: ReadFiles, name: str, text: str) -> Reading:
    return read_files({name: text, "mail_addresses.csv": "id,location_id,address_1\n"})


def test_lists_in_a_service_become_records(read_files: ReadFiles) -> None:
    read = ohana(
        read_files,
        "services.csv",
        "id,location_id,name,keywords,languages,service_areas,funding_sources,required_documents\n"
        '1,l1,Pantry,"food, bread","Spanish, Chinese (Cantonese, Hakka)",Belmont,City,Photo ID\n',
    )
    assert [(a.values, a.owner) for a in read.all("attribute")] == [
        ({"link_type": "keyword", "value": "food"}, ("service", "1")),
        ({"link_type": "keyword", "value": "bread"}, ("service", "1")),
    ]
    names = [record.values["name"] for record in read.all("language")]
    assert names == ["Spanish", "Chinese (Cantonese, Hakka)"]
    assert read.counts == {
        "service": 1,
        "service_at_location": 1,
        "attribute": 2,
        "language": 2,
        "service_area": 1,
        "funding": 1,
        "required_document": 1,
    }


def test_audience_and_payments_are_added_to_the_texts_they_belong_to(
    read_files: ReadFiles,
) -> None:
    read = ohana(
        read_files,
        "services.csv",
        "id,location_id,name,audience,eligibility,fees,accepted_payments\n"
        '1,l1,Pantry,Families,Low income,$5,"Cash, Check"\n',
    )
    values = read.one("service").values
    assert values["eligibility_description"] == "Low income; Audience: Families"
    assert values["fees_description"] == "$5; Accepted: Cash, Check"


def test_what_a_location_says_lands(read_files: ReadFiles) -> None:
    read = ohana(
        read_files,
        "locations.csv",
        "id,organization_id,name,accessibility,email,short_desc,website,virtual,admin_emails\n"
        '1,o1,Hall,"ramp, disabled_parking",a@b.org,A hall.,http://x.org,true,c@d.org\n',
    )
    place = read.one("location")
    assert place.values == {"name": "Hall", "url": "http://x.org", "location_type": "virtual"}
    said = [record.values["description"] for record in read.all("accessibility")]
    assert said == ["ramp", "disabled parking"]
    assert read.one("contact").values == {"email": "a@b.org"}
    assert read.one("attribute").values == {"link_type": "short_description", "value": "A hall."}
    assert read.problem("left_out").field == "admin_emails"


def test_what_an_organization_says_lands(read_files: ReadFiles) -> None:
    read = ohana(
        read_files,
        "organizations.csv",
        "id,name,date_incorporated,licenses,funding_sources,website\n"
        '1,A,"January 01, 1970",Health,"City, County",http://a.org\n',
    )
    values = read.one("organization").values
    assert values == {"name": "A", "year_incorporated": "1970", "website": "http://a.org"}
    assert read.counts == {"organization": 1, "attribute": 1, "funding": 2}


def test_what_a_phone_says_lands(read_files: ReadFiles) -> None:
    read = ohana(
        read_files,
        "phones.csv",
        "id,location_id,number,number_type,country_prefix,department,vanity_number\n"
        "1,l1,555-0100,voice,+1,Intake,555-FOOD\n",
    )
    assert read.one("phone").values == {
        "number": "+1 555-0100",
        "type": "voice",
        "description": "Intake; Vanity number: 555-FOOD",
    }


def test_mail_addresses_are_postal(read_files: ReadFiles) -> None:
    read = read_files(
        {
            "mail_addresses.csv": "id,location_id,attention,address_1\n1,l1,A. Person,PO Box 1\n",
            "addresses.csv": "id,location_id,address_1\n1,l1,1 Main St\n",
        }
    )
    assert {a.values["address_type"]: a.values["address_1"] for a in read.all("address")} == {
        "postal": "PO Box 1",
        "physical": "1 Main St",
    }
    assert len(read.ids("address")) == 2


def test_terms_keep_their_tree(read_files: ReadFiles) -> None:
    text = "taxonomy_id,name,parent_id,parent_name\n101,Food,,\n101-01,Bread,101,Food\n"
    read = ohana(read_files, "taxonomy.csv", text)
    terms = [(term.id, dict(term.references)) for term in read.all("taxonomy_term")]
    assert terms == [("101", {}), ("101-01", {"parent_id": "101"})]
    assert read.problems == []
