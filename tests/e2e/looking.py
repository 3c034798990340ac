"""What is wrong with a page that a browser shows, as sentences; none where all is well."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.e2e.browsing import DESKTOP, PHONE

# WCAG 2.2 AA and best practice; the rule about the size of targets is off by itself.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
EVERY_RULE = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Widths and schemes change the layout and the colours, each by itself: every rule is asked in two of the four.
ASKED = (
    (PHONE, "light", EVERY_RULE),
    (PHONE, "dark", COLOURS),
    (DESKTOP, "light", COLOURS),
    (DESKTOP, "dark", EVERY_RULE),
)

# The elements that make a page wider than the window, where it is.
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return [];
  const scrolls = (element) => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== "visible") return true;
    return false;
  };
  const found = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && box.right > width + 0.5 && !scrolls(element);
  });
  const names = found.map((element) => `${element.localName}.${element.getAttribute("class") ?? ""}`);
  return [`${document.scrollingElement.scrollWidth} px in ${width} px: ${[...new Set(names)].slice(0, 6).join(" ")}`];
}"""
# The elements whose words are cut off by their own box. What is hidden on purpose is one pixel large.
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
  const style = getComputedStyle(element);
  const hides = (way) => way === "hidden" || way === "clip";
  if (element.closest("svg, option, select") || element.clientWidth <= 1 || !element.innerText?.trim()) return false;
  return (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
    || (hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
}).map((element) => `${element.localName}.${element.getAttribute("class") ?? ""} cuts its words off`)"""
# WCAG 1.4.12, as a reader's own stylesheet would say it.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
PLAIN_SPACING = "() => { document.adoptedStyleSheets = []; }"
# Buttons and fields that have no edge: where colours are forced, an edge is all that is left of them.
WITHOUT_EDGE = """() => {
  const boxes = "button, a.button, select, textarea, input:not([type=hidden])";
  return [...document.querySelectorAll(boxes)].filter((element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const isHidden = !element.checkVisibility({visibilityProperty: true}) || box.width <= 1 || box.right < 0;
    const isDrawnByBrowser = ["checkbox", "radio"].includes(element.type) && style.appearance !== "none";
    const sides = ["Top", "Right", "Bottom", "Left"];
    const hasEdge = (side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= 1;
    const isLink = style.textDecorationLine.includes("underline") && !element.matches("input, select, textarea");
    return !isHidden && !isDrawnByBrowser && !isLink && !(sides.every(hasEdge)
      || (element.matches("input, select, textarea") && hasEdge("Bottom")));
  }).map((element) => `${element.localName} ${element.name || element.innerText.trim()} has no edge`);
}"""
# What moves for longer than an instant although the visitor asked for stillness.
MOVING = """() => {
  const inSeconds = (time) => parseFloat(time) * (/ms/.test(time) ? 0.001 : 1);
  const seconds = (times) => Math.max(...times.split(",").map(inSeconds));
  const found = new Set();
  for (const element of document.querySelectorAll("*")) {
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      const name = `${element.localName}.${element.getAttribute("class") ?? ""}${part ?? ""}`;
      if (style.animationName !== "none" && seconds(style.animationDuration) > 0.01) found.add(`${name} is animated`);
      if (style.transitionProperty !== "none" && seconds(style.transitionDuration) > 0.01) found.add(`${name} glides`);
      if (style.scrollBehavior === "smooth") found.add(`${name} scrolls smoothly`);
    }
  }
  return [...found];
}"""


def resize(page: Page, size: tuple[int, int]) -> None:
    """Make the window this wide and high."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def at_ease(page: Page) -> None:
    """As a visitor with a phone sees it who has asked for nothing but stillness."""
    resize(page, PHONE)
    page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="reduce")


def violations(page: Page, options: dict[str, object]) -> list[str]:
    """What axe finds on the page as it is shown now: the rule, the element and the reason."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options})["violations"]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}\n{node['html']}\n{node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def barriers(page: Page, language: str = "en") -> list[str]:
    """What axe finds on a phone and at a desk, in light and dark; once for a translation, which is only new words."""
    found = []
    for size, scheme, rules in ASKED if language == "en" else ASKED[:1]:
        resize(page, size)
        page.emulate_media(color_scheme=scheme)
        found += [f"{size[0]} px, {scheme}: {violation}" for violation in violations(page, rules)]
    return found
