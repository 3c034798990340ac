// Suggests locals while somebody types theirs, where there are too many to come with the page. The form works without.
"use strict";

const list = document.querySelector("datalist[data-from]");
const field = list && document.querySelector(`[list="${list.id}"]`);
const WAIT = 200; // milliseconds after the last letter

async function suggest() {
  const typed = field.value.trim();
  if (typed.length < 2 || [...list.options].some(({ value }) => value === typed)) return;
  try {
    const answer = await fetch(`${list.dataset.from}?q=${encodeURIComponent(typed)}`, { credentials: "omit" });
    if (!answer.ok) return;
    const { locals } = await answer.json();
    list.replaceChildren(...locals.map(([name, town]) => new Option(town, name)));
  } catch {
    // Nothing is suggested then.
  }
}

let timer;
field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, WAIT);
});
