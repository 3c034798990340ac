"""Addresses judged as a postal clerk would, and written as the Postal Service writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.entering.address_coach import REASONS, judge, refused_line

DC = ("Washington", "DC", "20001")
SAFE, ASK, UNSAFE = "safe", "ask", "unsafe"
JUDGED = [
    # A street, as halls have it.
    ("501 Third Street NW", "", *DC, SAFE, ()),
    ("501 3rd St NW", "Suite 200", *DC, SAFE, ()),
    ("1275 K St NW", "Fl 10", "Washington", "DC", "20005", SAFE, ()),
    ("One Penn Plaza", "", "New York", "NY", "10119", SAFE, ()),
    ("80 Pine St", "37th Floor", "New York", "NY", "10005", SAFE, ()),
    ("500 Main Street #59", "", "Akron", "OH", "44301", SAFE, ()),
    ("7 Box Elder Rd", "", *DC, SAFE, ()),
    ("12 Boxwood Lane", "", *DC, SAFE, ()),
    ("100 Post Office Square", "", "Boston", "MA", "02109", SAFE, ()),
    ("100 Poboxton Ave", "", *DC, SAFE, ()),
    ("1 Rural Hill Rd", "", *DC, SAFE, ()),
    ("22 Highway 31 South", "", "Birmingham", "AL", "35203", SAFE, ()),
    ("145 Drawbridge Way", "", *DC, SAFE, ()),
    ("145 Apollo Dr", "", *DC, SAFE, ()),
    ("N6W23001 Bluemound Rd", "", "Waukesha", "WI", "53188", SAFE, ()),
    ("221-10 Jamaica Ave", "", "New York", "NY", "10001", SAFE, ()),
    ("101 St. Peter St", "", "St. Paul", "MN", "55102", SAFE, ()),
    ("101 Saint Peter St", "", "Saint Paul", "MN", "55102", SAFE, ()),
    ("333 Ponce de León Ave", "", "San Juan", "PR", "00901", SAFE, ()),
    ("10 Main St", "", "Washington", "DC", "20001-1234", SAFE, ()),
    # Where no parcel carrier delivers.
    ("PO Box 5", "", *DC, UNSAFE, ("po_box",)),
    ("P.O. Box 5", "", *DC, UNSAFE, ("po_box",)),
    ("p o box 5", "", *DC, UNSAFE, ("po_box",)),
    ("POB 5", "", *DC, UNSAFE, ("po_box",)),
    ("Post Office Box 1101", "", *DC, UNSAFE, ("po_box",)),
    ("Box 5", "", *DC, UNSAFE, ("po_box",)),
    ("Lock Box 5", "", *DC, UNSAFE, ("po_box",)),
    ("Apartado 5", "", "San Juan", "PR", "00901", UNSAFE, ("po_box",)),
    ("501 Third St NW", "P.O. Box 5", *DC, UNSAFE, ("po_box",)),
    ("501 Third St NW PO Box 5", "", *DC, UNSAFE, ("po_box",)),
    ("General Delivery", "", *DC, UNSAFE, ("general_delivery",)),
    ("PO Box 5", "", "Dallas", "TX", "20001", UNSAFE, ("po_box", "zip_state")),
    ("P.O. Drawer 22", "", *DC, UNSAFE, ("po_box",)),
    ("PO Bx 22", "", *DC, UNSAFE, ("po_box",)),
    ("POB 55", "", *DC, UNSAFE, ("po_box",)),
    ("Box 20432", "", *DC, UNSAFE, ("po_box",)),
    ("Apdo. 5", "", "San Juan", "PR", "00901", UNSAFE, ("po_box",)),
    ("Apartado Postal 12", "", "San Juan", "PR", "00901", UNSAFE, ("po_box",)),
    ("123 Main St", "PO Box 5", *DC, UNSAFE, ("po_box",)),
    ("123 Main St", "p.o.b. 5", *DC, UNSAFE, ("po_box",)),
    ("123 Main St", "Post Office Box 5", *DC, UNSAFE, ("po_box",)),
    ("Union Hall", "Box 5", *DC, UNSAFE, ("po_box",)),
    ("Post Office", "Box 12", *DC, UNSAFE, ("po_box",)),
    ("RR 2", "PO Box 152", *DC, UNSAFE, ("po_box",)),
    # What is asked about.
    ("RR 2", "Box 152", *DC, ASK, ("rural_route",)),
    ("Box 152", "RR 2", *DC, ASK, ("rural_route",)),
    ("R R #2", "Box 152", *DC, ASK, ("rural_route",)),
    ("HC 68", "Box 23A", *DC, ASK, ("rural_route",)),
    ("Star Route 1", "Box 9", *DC, ASK, ("rural_route",)),
    ("Highway Contract 4", "Box 88", *DC, ASK, ("rural_route",)),
    ("Carr 2 Km 15", "Buzón 12", "San Juan", "PR", "00901", ASK, ("rural_route",)),
    ("123 Main St", "Box 5", *DC, ASK, ("maybe_box",)),
    ("123 Main St", "Campus Box 1200", *DC, ASK, ("maybe_box",)),
    ("Caller Service 900", "", *DC, ASK, ("maybe_box",)),
    ("PSC 473", "Box 12", "FPO", "AP", "96349", ASK, ("military",)),
    ("CMR 420", "Box 3011", "APO", "AE", "09012", ASK, ("military",)),
    ("Unit 2050", "Box 4190", "APO", "AE", "09012", ASK, ("military",)),
    ("2000 Massachusetts Ave", "PMB 77", *DC, ASK, ("private_box",)),
    ("14 Box Elder Road", "Suite 2", *DC, SAFE, ()),
    ("1234 Route 9", "", *DC, SAFE, ()),
    ("RR 2 Box 152", "", *DC, ASK, ("rural_route",)),
    ("R.R. 2 Box 152", "", *DC, ASK, ("rural_route",)),
    ("Rural Route 2", "Box 152", *DC, ASK, ("rural_route",)),
    ("HC 68 Box 23A", "", *DC, ASK, ("rural_route",)),
    ("RFD 3", "", *DC, ASK, ("rural_route",)),
    ("Rt 2 Box 9", "", *DC, ASK, ("rural_route",)),
    ("10 HC 5 Plaza", "", *DC, SAFE, ()),
    ("500 Unit 20 Box Rd", "", *DC, SAFE, ()),
    ("10 Main St", "c/o Mail Boxes Etc", *DC, ASK, ("private_box",)),
    ("10 Main St", "Mailbox 4", *DC, ASK, ("private_box",)),
    ("10 Calle Fortaleza", "", "San Juan", "PR", "00901", SAFE, ()),
    ("PSC 1", "", *DC, ASK, ("military",)),
    ("10 Main St PMB 12", "", *DC, ASK, ("private_box",)),
    ("10 Main St", "PMB 12", *DC, ASK, ("private_box",)),
    ("The UPS Store, 10 Main St", "", *DC, ASK, ("private_box",)),
    ("PSC 473 Box 12", "", "FPO", "AP", "96349", ASK, ("military",)),
    ("Unit 2050 Box 4190", "", "APO", "AE", "09012", ASK, ("military",)),
    ("Drawer 22", "", *DC, ASK, ("maybe_box",)),
    ("10 Main St Box 12", "", *DC, ASK, ("maybe_box",)),
    ("Union Hall", "", *DC, ASK, ("no_number",)),
    ("501 Third St NW", "", "Dallas", "TX", "20001", ASK, ("zip_state",)),
    ("501 Third St NW", "", "Washington", "DC", "00000", ASK, ("zip_unknown",)),
    ("501 Third St NW", "", "Akron", "DC", "20001", ASK, ("zip_city",)),
]


@pytest.mark.parametrize(("line1", "line2", "city", "state", "zip_code", "verdict", "doubts"), JUDGED)
def test_an_address_is_judged_as_a_postal_clerk_would(line1, line2, city, state, zip_code, verdict, doubts):
    found = judge({"address1": line1, "address2": line2, "city": city, "state": state, "zip_code": zip_code})
    assert (found.verdict, found.doubts) == (verdict, doubts)


@pytest.mark.parametrize(
    ("line1", "line2", "line"),
    [
        ("PO Box 5", "", "address1"),
        ("Box 5", "", "address1"),
        ("Union Hall", "Box 5", "address1"),
        ("PO Box 5", "123 Main St", "address1"),
        ("123 Main St", "PO Box 5", "address2"),
        ("RR 2", "P.O. Box 152", "address2"),
        ("RR 2", "Box 152", ""),
        ("123 Main St", "Box 5", ""),
        ("PSC 473", "Box 12", ""),
        ("General Delivery", "", ""),
    ],
)
def test_the_line_that_is_a_box_for_sure_is_named(line1, line2, line):
    assert refused_line({"address1": line1, "address2": line2}) == line


@pytest.mark.parametrize(
    ("line1", "line2", "standard1", "standard2"),
    [
        ("501 Third Street, N.W.", "Suite 200", "501 THIRD ST NW", "STE 200"),
        ("501 Third Street Northwest", "", "501 THIRD ST NW", ""),
        ("10 North Main Street", "2nd Floor", "10 N MAIN ST", "2ND FL"),
        ("10 North Street", "", "10 NORTH ST", ""),
        ("10 Avenue Road", "Building C", "10 AVENUE RD", "BLDG C"),
        ("500 Main Street #59", "", "500 MAIN ST #59", ""),
        ("4 Martin Luther King Jr. Boulevard", "Room 5", "4 MARTIN LUTHER KING JR BLVD", "RM 5"),
    ],
)
def test_an_address_is_written_as_the_postal_service_writes_it(line1, line2, standard1, standard2):
    typed = {"address1": line1, "address2": line2, "city": "Washington", "state": "DC", "zip_code": "20001"}
    found = judge(typed).standard
    assert (found["address1"], found["address2"], found["city"]) == (standard1, standard2, "WASHINGTON")


def test_what_is_written_so_already_needs_no_other_form():
    typed = {"address1": "501 3RD ST NW", "address2": "", "city": "Washington", "state": "DC", "zip_code": "20001"}
    assert judge(typed).standard == {}


def test_another_city_of_the_zip_code_is_offered():
    typed = {"address1": "501 3rd St NW", "address2": "", "city": "Akron", "state": "DC", "zip_code": "20001"}
    assert judge(typed).standard["city"] == "WASHINGTON"


@given(
    st.fixed_dictionaries(
        {name: st.text(max_size=30) for name in ("address1", "address2", "city", "state", "zip_code")}
    )
)
def test_whatever_is_typed_is_judged_and_each_doubt_has_its_words(typed):
    found = judge(typed)
    assert found.verdict in (SAFE, ASK, UNSAFE)
    assert all(str(REASONS[code]) for code in found.doubts)
    assert (found.verdict == SAFE) == (found.doubts == ())
