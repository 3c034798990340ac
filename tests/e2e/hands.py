"""Two ways to use a page: by touch or mouse, finding things by their labels; and by the keyboard alone."""

import re
from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 80  # more than any page has stops
SEND = "main form button:not([type=button])"
NEXT = "main form [data-next]"
FOLDED = "details:not([open]):has([name={}]) > summary"
# The element that has the focus; whether an outline shows it, on the screen and in front of all else
# (WCAG 2.4.7 and 2.4.11).
FOCUS = """(selector) => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const label = element.labels?.length ? element.labels[0] : element;
  const parts = [0.5, 0.15, 0.85];
  const points = parts.flatMap((x) => parts.map((y) => [box.x + x * box.width, box.y + y * box.height]));
  return {
    name: element.name || element.textContent.trim(),
    isThere: Boolean(selector) && element.matches(selector),
    isOutlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isOnScreen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    isInFront: points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top !== null && (element.contains(top) || top.contains(element) || label.contains(top));
    }),
  };
}"""


def focus(page: Page, selector: str = "") -> dict[str, object]:
    """What has the focus; fails where nobody could see that."""
    found: dict[str, object] = page.evaluate(FOCUS, selector)
    assert found["isOutlined"], found
    assert found["isOnScreen"], found
    assert found["isInFront"], found
    return found


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element like this has the focus; each stop on the way must be visible."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if focus(page, selector)["isThere"]:
            return
    raise AssertionError(f"no Tab leads to {selector}")


def labelled(page: Page, label: str) -> Locator:
    """A field by its whole label, which may say that the field is optional."""
    return page.get_by_role("main").get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(\(|$)"))


def summary(page: Page, name: str) -> Locator:
    """What opens the folded part of a form that this field is in; nothing where it is open or there is none."""
    return page.locator(f"main form {FOLDED.format(name)}")


class Hands(Protocol):
    """Fills in fields and presses buttons. A long form shows one step at a time where JavaScript runs."""

    def fill(self, page: Page, name: str, label: str, value: str) -> None: ...

    def choose(self, page: Page, name: str, label: str, option: str) -> None: ...

    def check(self, page: Page, name: str, label: str) -> None: ...

    def press(self, page: Page, selector: str = SEND) -> None: ...


class Pointer:
    """A finger or a mouse."""

    def _field(self, page: Page, name: str, label: str) -> Locator:
        field = labelled(page, label)
        if summary(page, name).count():
            summary(page, name).click()
        while not field.is_visible() and page.locator(NEXT).is_visible():
            page.locator(NEXT).click()
        return field

    def fill(self, page: Page, name: str, label: str, value: str) -> None:
        self._field(page, name, label).fill(value)

    def choose(self, page: Page, name: str, label: str, option: str) -> None:
        self._field(page, name, label).select_option(label=option)

    def check(self, page: Page, name: str, label: str) -> None:
        self._field(page, name, label).check()

    def press(self, page: Page, selector: str = SEND) -> None:
        page.locator(selector).first.click()


class Keyboard:
    """Tab, letters, Space and Enter."""

    def _reach(self, page: Page, name: str) -> None:
        field = f"main [name={name}]"
        while not page.locator(field).first.is_visible() and page.locator(NEXT).is_visible():
            tab_to(page, NEXT)
            page.keyboard.press("Enter")
        if summary(page, name).count():
            tab_to(page, f"main form {FOLDED.format(name)}")
            page.keyboard.press("Enter")
        tab_to(page, field)

    def fill(self, page: Page, name: str, label: str, value: str) -> None:
        self._reach(page, name)
        page.keyboard.type(value)

    def choose(self, page: Page, name: str, label: str, option: str) -> None:
        self._reach(page, name)
        page.keyboard.type(option)

    def check(self, page: Page, name: str, label: str) -> None:
        self._reach(page, name)
        page.keyboard.press("Space")

    def press(self, page: Page, selector: str = SEND) -> None:
        tab_to(page, selector)
        page.keyboard.press("Enter")
