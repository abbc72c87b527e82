// Warn before leaving a form (data-guard) whose text is neither sent nor saved.
export function start(selector) {
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
