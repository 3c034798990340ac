// Progressive enhancement: every page works without this file.
"use strict";

// A pressed button says that it works and cannot be pressed twice. It stays focusable, so that nobody loses their place.
const busyWords = document.body.dataset.busyWords;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (!button) return;
  button.dataset.words = button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = busyWords;
});

// Whoever comes back by the browser's back button finds the page as they left it; let them press again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[data-words]")) {
      button.textContent = button.dataset.words;
      button.removeAttribute("aria-disabled");
      delete button.dataset.words;
    }
  }
});

// After a refused form the summary of errors is what to read first.
document.getElementById("error-summary")?.focus();

// The petition's count stays fresh while somebody can see it. It is asked for less and less often while nothing
// changes or the server does not answer, and with some jitter, so that open pages do not ask all at once.
const SOONEST = 10_000;
const LATEST = 300_000;

class LiveCount {
  constructor(element) {
    this.element = element;
    this.wait = SOONEST;
    this.timer = null;
    this.onScreen = false;
    new IntersectionObserver(([entry]) => {
      this.onScreen = entry.isIntersecting;
      this.plan();
    }).observe(element);
    document.addEventListener("visibilitychange", () => this.plan());
  }

  plan() {
    clearTimeout(this.timer);
    if (!this.onScreen || document.hidden) return;
    this.timer = setTimeout(() => this.refresh(), this.wait * (0.75 + Math.random() / 2));
  }

  async refresh() {
    const before = this.shown;
    try {
      const response = await fetch(this.element.dataset.countUrl, { headers: { Accept: "application/json" } });
      if (response.ok) this.show(await response.json());
    } catch {
      // Offline, or the server is; the next try comes later.
    }
    this.wait = this.shown === before ? Math.min(this.wait * 2, LATEST) : SOONEST;
    this.plan();
  }

  show({ count, goal }) {
    if (!Number.isInteger(count)) return;
    this.shown = count;
    const number = this.element.querySelector("[data-count]");
    const bar = this.element.querySelector("progress");
    if (number) number.textContent = count.toLocaleString(document.documentElement.lang);
    if (bar) {
      bar.max = goal;
      bar.value = count;
    }
  }
}

for (const element of document.querySelectorAll("[data-count-url]")) new LiveCount(element);
