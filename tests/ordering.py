"""The order of the tests: what takes long comes first, so that at the end no worker waits for another one.

The tests with many rows and processes begin, then come those with a browser, together, because they share a running
site, then all the others. Each worker takes the next test, or the next group of tests that share something dear.
"""

from pathlib import Path

import pytest

BROWSER = Path(__file__).parent / "e2e"
TIMED = "test_local_run.py"  # promises seconds, so it stands among quick tests and not beside the largest


def place(item: pytest.Item) -> int:
    """0 for what comes first."""
    if item.get_closest_marker("scale") and item.path.name != TIMED:
        return 0
    return 1 if item.path.is_relative_to(BROWSER) else 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-django, whose order stays within each of ours."""
    items.sort(key=place)
