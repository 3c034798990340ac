// Makes the composer's forms a little kinder. Without JavaScript everything works but these: a word before typed words
// are left behind, names offered that belong to the audience, the field for them only where there is something to name.
// It stands before the editor's own scripts, so that it hears when an editor is ready.
(() => {
  const form = document.querySelector("form[data-compose]");
  if (!form) return;

  let is_changed = document.querySelector(".compose-theirs, .compose-wrong, .compose-count") !== null;
  form.addEventListener("input", () => { is_changed = true; });
  form.addEventListener("submit", () => { is_changed = false; });
  window.addEventListener("beforeunload", (event) => { if (is_changed) event.preventDefault(); });

  form.addEventListener("prose-editor:ready", ({ target }) => {
    const box = target.closest(".prose-editor").querySelector("[contenteditable=true]");
    box.setAttribute("aria-label", target.getAttribute("aria-label"));
    if (target.lang) box.lang = target.lang;
  });

  const audience = form.querySelector("[name=audience]");
  const names = form.querySelector("[name=audience_of]");
  if (!audience || !names) return;
  const meanings = form.querySelectorAll("[data-audience]");
  const offer = () => {
    const chosen = audience.value;
    names.closest(".compose-field").hidden = chosen === "everyone";
    names.setAttribute("list", `names-${chosen}`);
    for (const meaning of meanings) meaning.classList.toggle("compose-name", meaning.dataset.audience === chosen);
  };
  audience.addEventListener("change", offer);
  offer();
})();
