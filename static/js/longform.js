// Long forms: short steps where a form wants them, and a draft that stays in this browser. Without this file a form is
// one page. It is read before the page is drawn, so that no step is seen and then hidden again.
"use strict";

document.documentElement.classList.add("has-steps");

const UNKEPT = ["hidden", "file", "submit"]; // a file is its owner's to choose each time: no browser lets a page do it
const isBox = ({ type }) => type === "checkbox" || type === "radio";

// Storage may be full or switched off; then there is no draft, and nothing else is lost.
function store(act) {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
}

// What is typed, kept until the form was sent. csan.js, which every page has, throws away what is done with or old.
class Draft {
  constructor(form, notice) {
    this.form = form;
    this.notice = notice;
    this.key = `draft:${form.dataset.draftKey}`;
    form.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(), 300);
      this.isNew = true;
    });
    form.addEventListener("submit", () => this.keep());
    window.addEventListener("pagehide", () => this.keep());
    notice.querySelector("button").addEventListener("click", () => this.forget());
  }

  get fields() {
    return [...this.form.elements].filter(({ name, type }) => name && name !== "website" && !UNKEPT.includes(type));
  }

  get isTyped() {
    return this.fields.some((field) => {
      if (isBox(field)) return field.checked !== field.defaultChecked;
      if (field.options) return field.value && !field.selectedOptions[0].defaultSelected;
      return field.value !== field.defaultValue;
    });
  }

  // Only what was typed since: who comes back to a form that was sent finds it filled in by the browser.
  keep() {
    if (!this.isNew) return;
    this.isNew = false;
    clearTimeout(this.timer);
    if (!this.isTyped) {
      store((storage) => storage.removeItem(this.key));
      return;
    }
    const values = {};
    for (const field of this.fields) {
      if (isBox(field) ? field.checked : field.value) (values[field.name] ??= []).push(field.value);
    }
    store((storage) => storage.setItem(this.key, JSON.stringify({ kept: Date.now(), values })));
  }

  bringBack() {
    const draft = store((storage) => JSON.parse(storage.getItem(this.key)));
    if (!draft) return;
    for (const field of this.fields) {
      const kept = draft.values[field.name] ?? [];
      if (isBox(field)) field.checked = kept.includes(field.value);
      else if (kept.length) field.value = kept[0];
    }
    this.notice.hidden = false;
  }

  forget() {
    clearTimeout(this.timer);
    this.isNew = false;
    store((storage) => storage.removeItem(this.key));
    this.form.reset();
    this.notice.hidden = true;
    this.form.dispatchEvent(new Event("begin"));
  }
}

class Steps {
  constructor(form) {
    this.form = form;
    this.steps = [...form.querySelectorAll("fieldset[data-step]")];
    this.bar = form.querySelector("[data-bar]");
    this.words = form.querySelector("[data-words]");
    this.back = form.querySelector("[data-back]");
    this.next = form.querySelector("[data-next]");
    this.last = form.querySelectorAll("[data-last]");
    for (const _ of this.steps) this.bar.append(document.createElement("li"));
    this.back.addEventListener("click", () => this.show(this.at - 1, true));
    this.next.addEventListener("click", () => this.goOn());
    // Enter in a field goes on, as the button that is seen does.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT" || this.isLast) return;
      event.preventDefault();
      this.goOn();
    });
    form.addEventListener("begin", () => this.show(0, true));
    // The browser's own way back goes a step back, and a page that is read anew stands where it stood.
    window.addEventListener("popstate", ({ state }) => this.show(state?.step ?? 0, true, false));
    const first = form.dataset.typed === "last" ? this.steps.length - 1 : 0; // there is the place that was asked for
    this.show(Math.min(history.state?.step ?? first, this.steps.length - 1), false);
    form.classList.add("is-ready");
  }

  get isLast() {
    return this.at === this.steps.length - 1;
  }

  show(at, moves, isNew = moves) {
    if (isNew && at !== this.at) history.pushState({ step: at }, "");
    this.at = at;
    this.steps.forEach((step, index) => (step.hidden = index !== at));
    [...this.bar.children].forEach((mark, index) => mark.classList.toggle("is-done", index <= at));
    this.words.textContent = this.words.dataset.words.replace("{step}", at + 1).replace("{steps}", this.steps.length);
    this.back.hidden = at === 0;
    this.next.hidden = this.isLast;
    for (const part of this.last) part.hidden = !this.isLast;
    if (!moves) return;
    const heading = this.steps[at].querySelector("h2");
    heading.tabIndex = -1;
    heading.focus();
  }

  goOn() {
    for (const error of this.steps[this.at].querySelectorAll("[data-error-of]")) this.clear(error);
    const step = this.steps[this.at];
    const isDropped = step.querySelector("[data-drop]")?.checked; // a place that gets no box needs no answers
    const fields = isDropped ? [] : [...step.querySelectorAll("input, select, textarea")];
    const wrong = fields.filter((field) => this.mark(field));
    if (wrong.length) wrong[0].focus();
    else this.show(this.at + 1, true);
  }

  // What the server would say of a field, as far as a browser can tell; it alone decides in the end.
  complaint(field) {
    if (field.required && !field.value.trim()) return field.dataset.missing;
    return field.validity.typeMismatch || field.validity.patternMismatch ? field.dataset.wrong : "";
  }

  mark(field) {
    const words = this.complaint(field);
    if (!words) return false;
    const error = document.createElement("div");
    error.className = "field__error";
    error.id = `${field.id}_step_error`;
    error.dataset.errorOf = field.id;
    error.append(Object.assign(document.createElement("p"), { textContent: words }));
    field.before(error);
    field.closest(".field").classList.add("field--wrong");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${error.id} ${field.getAttribute("aria-describedby") ?? ""}`.trim());
    return true;
  }

  clear(error) {
    const field = document.getElementById(error.dataset.errorOf);
    field.closest(".field").classList.remove("field--wrong");
    field.removeAttribute("aria-invalid");
    const rest = field.getAttribute("aria-describedby").replace(error.id, "").trim();
    if (rest) field.setAttribute("aria-describedby", rest);
    else field.removeAttribute("aria-describedby");
    error.remove();
  }
}

// A refused form is no longer one of steps, so that its summary's links lead to what can be seen; and it comes back with
// all that was typed, which is newer than the draft, as does a form with another place or one to be changed.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-draft-key]");
  if (!form) return;
  const draft = new Draft(form, form.querySelector("[data-draft]"));
  if ("refused" in form.dataset) return;
  if (!("typed" in form.dataset)) draft.bringBack();
  if ("steps" in form.dataset) new Steps(form);
});
