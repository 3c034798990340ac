// Progressive enhancement: every page works without this file.
"use strict";

// A pressed button says that it works and cannot be pressed twice. It stays focusable, so that nobody loses their place.
// After a while it can be pressed again: the connection may have broken, and the server takes a second try for the first.
const busyWords = document.body.dataset.busyWords;
const PATIENCE = 10_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => release(form), PATIENCE);
  const button = event.submitter;
  if (!button) return;
  button.dataset.words = button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = busyWords;
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[data-words]")) {
    button.textContent = button.dataset.words;
    button.removeAttribute("aria-disabled");
    delete button.dataset.words;
  }
}

// So may whoever comes back by the browser's back button.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// After a refused form the summary of errors is what to read first.
document.getElementById("error-summary")?.focus();

// The petition's count stays fresh while somebody can see it. It is asked for less and less often while nothing
// changes or the server does not answer, and with some jitter, so that open pages do not ask all at once.
const LOCALES = { en: "en-US", es: "es-US" };
const CLOCK = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
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

  show({ count, goal, counted_at }) {
    if (!Number.isInteger(count)) return;
    const number = this.element.querySelector("[data-count]");
    const bar = this.element.querySelector("progress");
    const before = this.shown ?? bar?.value ?? count;
    this.shown = count;
    if (number) number.textContent = count.toLocaleString(LOCALES[document.documentElement.lang]);
    const aim = this.element.querySelector("[data-goal]");
    if (aim) aim.textContent = goal.toLocaleString(LOCALES[document.documentElement.lang]);
    const when = this.element.querySelector("[data-counted-at]");
    if (when) {
      when.dateTime = counted_at;
      when.textContent = new Date(counted_at).toLocaleTimeString(LOCALES[document.documentElement.lang], CLOCK);
    }
    if (bar) {
      bar.max = goal;
      bar.value = count;
    }
    // Who listens to the page hears of every hundred, not of every name.
    const status = this.element.querySelector("[role=status]");
    if (status && Math.floor(count / 100) > Math.floor(before / 100)) {
      status.textContent = this.element.querySelector(".count__words").textContent;
    }
  }
}

for (const element of document.querySelectorAll("[data-count-url]")) new LiveCount(element);

// Passing a page on. These buttons come hidden, because without this file they could do nothing.
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const { url, text } = button.dataset;
    navigator.share({ url, text }).catch(() => {}); // closed without sharing
  });
}
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const status = button.parentElement.querySelector("[role=status]");
    if (status) status.textContent = button.dataset.done;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The draft of a long form (longform.js) is done with once the form was sent, and lives three days in any case.
const KEPT_FOR = 3 * 24 * 3600 * 1000; // milliseconds

function isDone(key) {
  if (key === `draft:${document.body.dataset.forget}`) return true;
  try {
    return !(Date.now() - JSON.parse(localStorage.getItem(key)).kept < KEPT_FOR);
  } catch {
    return true; // nothing that this site wrote
  }
}

try {
  const drafts = Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
  for (const key of drafts.filter(isDone)) localStorage.removeItem(key);
} catch {
  // No storage, so nothing was kept.
}
