"""Sheets of labels: each label where the paper has it, nothing ever cut, one note about the printer's setting."""

import io

import pytest
from pypdf import PdfReader

from csan.lib import labels
from csan.lib.labels import ADDRESSES, PARCELS, NoSuchPlace, draw, fitted

OFFICE = ["The Honorable Alma Sample", "United States Senate", "511 Hart Building", "Washington, DC 20510"]


def made(found, sheet=ADDRESSES, **how):
    file = io.BytesIO()
    pages = draw(file, found, sheet=sheet, title="Labels", **how)
    reader = PdfReader(file)
    assert len(reader.pages) == pages
    return reader


def places(page):
    """Where each piece of text begins, in points from the left and from the lower edge."""
    found = {}

    def see(text, _, matrix, *rest):
        if text.strip():
            found[text.strip()] = (round(matrix[4], 1), round(matrix[5], 1))

    page.extract_text(visitor_text=see)
    return found


def test_the_sheets_are_as_the_shop_sells_them():
    assert [(sheet.count, sheet.corner(sheet.count - 1)) for sheet in (ADDRESSES, PARCELS)] == [
        (30, (5.6875 * 72, 9.5 * 72)), (10, (4.34375 * 72, 8.5 * 72)),
    ]  # fmt: skip
    for sheet in (ADDRESSES, PARCELS):
        right, down = sheet.corner(sheet.count - 1)
        assert (right + sheet.width <= 8.5 * 72, down + sheet.height <= 10.5 * 72) == (True, True)


@pytest.mark.parametrize(
    ("sheet", "count", "start", "pages"),
    [(ADDRESSES, 30, 1, 1), (ADDRESSES, 30, 2, 2), (ADDRESSES, 31, 30, 2), (PARCELS, 25, 1, 3), (PARCELS, 0, 1, 1)],
)
def test_a_sheet_that_was_begun_is_used_up_first(sheet, count, start, pages):
    reader = made([[f"Box {number}"] for number in range(count)], sheet, start=start)
    assert len(reader.pages) == pages
    words = " ".join(page.extract_text() for page in reader.pages).split()
    assert words.count("Box") == count


def test_the_first_label_lies_where_it_is_said_and_moves_with_the_nudge():
    plain = places(made([["Eins"]], start=2).pages[0])["Eins"]
    moved = places(made([["Eins"]], start=2, right=4, down=-6).pages[0])["Eins"]
    x, y = ADDRESSES.corner(1)
    assert plain[0] == pytest.approx(x + ADDRESSES.padding, abs=0.1)
    assert 792 - y - ADDRESSES.height < plain[1] < 792 - y
    assert (moved[0] - plain[0], moved[1] - plain[1]) == pytest.approx((4, 6), abs=0.11)


def test_each_page_says_how_to_print_it():
    for page in made([["x"]] * 31).pages:
        assert "Avery 5160. Print at 100 %" in page.extract_text()


@pytest.mark.parametrize("sheet", [ADDRESSES, PARCELS])
@pytest.mark.parametrize(
    "label",
    [
        OFFICE,
        ["The Honorable Maximiliana Konstantinopolitanski-Featherstonehaugh", "x" * 90, *OFFICE[1:]],
        [" ".join(["word"] * 60)] * 4,
    ],
)
def test_what_is_long_is_smaller_or_wrapped_and_never_cut(sheet, label):
    lines, size = fitted(label, sheet)
    assert "".join(text for text, _ in lines).replace(" ", "") == "".join(label).replace(" ", "")
    room = sheet.width - 2 * sheet.padding
    assert max(labels.width(text, font, size) for text, font in lines) <= room
    assert len(lines) * size * labels.LEADING <= sheet.height


def test_a_line_that_nearly_fits_is_made_smaller_rather_than_wrapped():
    label = ["The Honorable Alexandria Featherstonehaugh", "20510"]
    lines, size = fitted(label, ADDRESSES)
    assert ([text for text, _ in lines], size < ADDRESSES.size) == (label, True)


def test_letters_that_the_print_lacks_are_named_and_empty_lines_left_out():
    lines, _ = fitted(["Łucja Núñez", "", "مریم"], ADDRESSES)
    assert [text for text, _ in lines] == ["Łucja Núñez", "[Arabic]"]


@pytest.mark.parametrize("start", [0, 31])
def test_a_label_that_the_sheet_has_not_is_refused(start):
    with pytest.raises(NoSuchPlace):
        made([["x"]], start=start)
