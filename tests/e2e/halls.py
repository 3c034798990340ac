"""Officers who register from their union halls, each of which has a network of its own."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Page

AT_ONCE = 4
PLACES = (  # ZIP code, city, state
    ("10001", "New York", "NY"), ("02139", "Cambridge", "MA"), ("20001", "Washington", "DC"),
    ("78701", "Austin", "TX"), ("60601", "Chicago", "IL"), ("30303", "Atlanta", "GA"),
)  # fmt: skip


def officer_of(number: int) -> str:
    """The e-mail address of a local's officer."""
    return f"officer{number}@example.org"


def answers_of(number: int) -> dict[str, str]:
    """What the officer types, by the fields of the form: locals of 20 to 319 members, in six cities."""
    zip_code, city, state = PLACES[number % len(PLACES)]
    return {
        "local_affiliate": "CWA",
        "local_number": str(number),
        "contact_name": "Ruth Okafor",
        "contact_role": "President",
        "email": officer_of(number),
        "phone": "202-555-0134",
        "members_count": str(20 + number % 300),
        "ship_name": "Union hall",
        "ship_address1": f"{number} Main Street",
        "ship_city": city,
        "ship_state": state,
        "ship_zip": zip_code,
        "website": "",
    }


def register_all(address: str, path: str, numbers: Iterable[int]) -> list[int]:
    """Each sends the form; the statuses they are answered with. Fifty use the network of one hall."""
    with ThreadPoolExecutor(AT_ONCE) as officers:
        return list(
            officers.map(
                lambda number: _post(address, path, answers_of(number), f"127.0.{number // 50 % 250}.9"), numbers
            )
        )


def post_all(page: Page, address: str, forms: Iterable[tuple[str, dict[str, object]]]) -> list[int]:
    """Forms that a signed-in member of staff sends, by their paths; the statuses. A form of theirs is on the page."""
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies(f"{address}/admin/"))
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    own = {"Cookie": cookies, "X-CSRFToken": token, "Origin": address}
    with ThreadPoolExecutor(AT_ONCE) as hands:
        return list(hands.map(lambda form: _post(address, *form, "127.0.0.1", own), forms))


def _post(address: str, path: str, fields: dict, source: str, headers: dict[str, str] | None = None) -> int:
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=30, source_address=(source, 0))
    try:
        whole = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        connection.request("POST", path, urlencode(fields, doseq=True), whole)
        return connection.getresponse().status
    finally:
        connection.close()
