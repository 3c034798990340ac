"""What people upload as CSV: good files in all their dialects, and bad ones that are named."""

import io
import tracemalloc

import pytest

from csan.lib.csvfiles import MOST_BYTES, Row, Table, UnusableFile


def read(content):
    table = Table(io.BytesIO(content if isinstance(content, bytes) else content.encode()))
    return table, list(table)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("email,nombre\na@example.org,José\n".encode(), "utf-8-sig"),
        ("email,nombre\na@example.org,José\n".encode("utf-8-sig"), "utf-8-sig"),
        ("email,nombre\na@example.org,José\n".encode("cp1252"), "cp1252"),
        ("email\tnombre\na@example.org\tJosé\n".encode("utf-16"), "utf-16"),
    ],
)
def test_the_usual_encodings_are_told_apart(content, encoding):
    table, rows = read(content)
    assert (table.encoding, table.headings) == (encoding, ["email", "nombre"])
    assert rows == [Row(2, ["a@example.org", "José"])]


def test_a_letter_cut_by_the_end_of_a_block_does_not_change_the_encoding():
    names = "é" * 70_000
    text = "\n".join(["email,x", *(names[n : n + 1000] for n in range(0, 70_000, 1000))])
    table, _ = read(b"x" + text.encode())
    assert table.encoding == "utf-8-sig"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_what_the_headings_have_most_of(delimiter):
    table, rows = read(f'email{delimiter}"name{{,}}"{delimiter}zip\na@example.org{delimiter}Ada{delimiter}10001\n')
    assert (table.delimiter, table.headings) == (delimiter, ["email", "name{,}", "zip"])
    assert rows == [Row(2, ["a@example.org", "Ada", "10001"])]


def test_one_column_needs_no_delimiter_and_excel_may_name_its_own():
    assert read("email\na@example.org\n")[1] == [Row(2, ["a@example.org"])]
    table, rows = read("sep=;\nemail;zip\na@example.org;1\n")
    assert (table.headings, rows) == (["email", "zip"], [Row(3, ["a@example.org", "1"])])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(end):
    lines = ["", "email,note", "a@example.org,", "", ",,", 'b@example.org,"two', 'lines"', "c@example.org,x"]
    assert [row.line for row in read(end.join(lines))[1]] == [3, 6, 8]


def test_a_quotation_mark_that_is_never_closed_costs_one_line():
    text = 'email,note\na@example.org,"open\nb@example.org,x\n' + "".join(f"c{n}@example.org,y\n" for n in range(20))
    _, rows = read(text)
    assert rows[0] == Row(2, broken="a quotation mark is opened and never closed")
    assert [row.line for row in rows] == list(range(2, 24))
    assert [row.broken for row in rows[1:]] == [""] * 21


def test_a_mark_within_a_cell_is_a_letter_and_a_wrong_one_is_named():
    _, rows = read('email,note\na@example.org,5" screen\nb@example.org,"x"y\n')
    assert rows[0] == Row(2, ["a@example.org", '5" screen'])
    assert rows[1].broken.startswith("its quotation marks cannot be understood")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"PK\x03\x04rest of a workbook", "workbook"),
        (b"\xd0\xcf\x11\xe0old workbook", "workbook"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not a text file"),
        (b"email" + b"x" * 10 * 1024 * 1024, "longer than 20,000 characters"),
        (b'"email\n', "never closed"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(content, words):
    with pytest.raises(UnusableFile, match=words):
        read(content)


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(UnusableFile, match="60 MB"):
        read(b"email\n" + b"a@example.org\n" * (MOST_BYTES // 14 + 1))


def test_a_line_of_ten_megabytes_is_named_and_the_rest_is_read():
    _, rows = read(b"email\n" + b"x" * 10 * 1024 * 1024 + b"\na@example.org\n")
    assert rows == [Row(2, broken="it is longer than 20,000 characters"), Row(3, ["a@example.org"])]


def test_too_many_cells_are_named():
    assert read("email\n" + "," * 200 + "x\n")[1] == [Row(2, broken="it has more than 100 cells")]


def test_memory_stays_flat_however_long_the_file_is():
    file = io.BytesIO(b"email,name\n" + b"somebody@example.org,Ana\n" * 200_000)
    tracemalloc.start()
    assert sum(1 for _ in Table(file)) == 200_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
