// Forms in which one writes much: what is left beneath a field, and no leaving with unsaved text.

// Words, and characters or words left beneath a field: data-counter names the element, which carries its words. Browsers count UTF-16, we count characters.
export function counter(selector) {
  for (const field of document.querySelectorAll(selector)) {
    const note = document.getElementById(field.dataset.counter);
    const words = Number(field.dataset.words);
    const limit = words || Number(field.getAttribute("maxlength"));
    if (!note || !limit) continue;
    field.removeAttribute("maxlength"); // pasting too much must not cut a text in silence
    const used = () => (words ? field.value.split(/\s+/).filter(Boolean) : [...field.value.replaceAll("\r\n", "\n")]).length;
    const count = () => {
      const left = limit - used();
      note.toggleAttribute("data-over", left < 0);
      const number = (count) => count.toLocaleString(document.documentElement.lang);
      const written = field.value.split(/\s+/).filter(Boolean).length;
      const said = note.dataset.words && (written === 1 ? note.dataset.word : note.dataset.words.replace("{n}", number(written)));
      const room = (left < 0 ? note.dataset.overBy : note.dataset.left).replace("{n}", number(Math.abs(left)));
      note.textContent = said ? `${said} · ${room}` : room;
    };
    field.addEventListener("input", count);
    count();
  }
}

// Warn before leaving a form (data-guard) whose text is neither sent nor saved.
export function guard(selector) {
  let dirty = false;
  for (const form of document.querySelectorAll(selector)) {
    form.addEventListener("input", () => (dirty = true));
    form.addEventListener("saved", () => (dirty = false));
    form.addEventListener("submit", () => (dirty = false));
  }
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}
