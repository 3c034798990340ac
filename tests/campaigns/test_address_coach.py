"""Addresses judged as a postal clerk would."""

import pytest

from campaigns.address_coach import Judgement, judge


@pytest.mark.parametrize(
    ("line1", "line2", "state", "zip_code", "verdict", "doubts"),
    [
        ("501 Third St NW", "", "DC", "20001", "safe", ()),
        ("100 Box Elder Rd", "", "DC", "20001", "safe", ()),
        ("PO Box 5", "", "DC", "20001", "unsafe", ("po_box",)),
        ("501 Third St NW", "P.O. Box 5", "DC", "20001", "unsafe", ("po_box",)),
        ("RR 2 Box 152", "", "DC", "20001", "ask", ("rural_route",)),
        ("10 Main St PMB 12", "", "DC", "20001", "ask", ("private_box",)),
        ("Drawer 22", "", "DC", "20001", "ask", ("maybe_box",)),
        ("PSC 473 Box 12", "", "AP", "96349", "ask", ("military",)),
        ("501 Third St NW", "", "TX", "20001", "ask", ("zip_state",)),
    ],
)
def test_an_address_is_judged_as_a_postal_clerk_would(line1, line2, state, zip_code, verdict, doubts):
    typed = {"address1": line1, "address2": line2, "state": state, "zip_code": zip_code}
    assert judge(typed) == Judgement(verdict, doubts)
