"""What has changed between two texts."""

import pytest

from csan.lib.differences import differences


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(run.change.value, run.text) for run in differences(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("", "", []),
        ("We won.", "We won.", [("kept", "We won.")]),
        ("", "We won.", [("put in", "We won.")]),
        ("We won.", "", [("taken out", "We won.")]),
        (
            "We all won.\n\nLast year.",
            "We won.\n\nThis year.",
            [
                ("kept", "We"),
                ("taken out", " all"),
                ("kept", " won.\n\n"),
                ("taken out", "Last"),
                ("put in", "This"),
                ("kept", " year."),
            ],
        ),
    ],
)
def test_runs_of_words_in_the_order_of_reading(before, after, runs):
    assert told(before, after) == runs


def test_each_text_can_be_read_out_of_them():
    before, after = "one two  three\nfour", "zero two  3\nfour five"
    runs = told(before, after)
    assert "".join(text for change, text in runs if change != "put in") == before
    assert "".join(text for change, text in runs if change != "taken out") == after
