// A checklist line whose link is the fragment of a field on this page follows what is typed there.
export function start(selector) {
  for (const list of document.querySelectorAll(selector)) {
    for (const link of list.querySelectorAll('li > a[href^="#"]')) {
      const field = document.getElementById(link.hash.slice(1));
      if (field?.matches("input, textarea")) field.addEventListener("input", () => mark(list, link.parentElement, field.value.trim() !== ""));
    }
  }
}

function mark(list, line, done) {
  if (line.hasAttribute("data-done") === done) return;
  line.toggleAttribute("data-done", done);
  const shape = list.querySelector(done ? "template[data-done]" : "template[data-missing]");
  line.querySelector("svg").replaceWith(shape.content.cloneNode(true));
  line.querySelector(".unseen").textContent = done ? shape.dataset.done : shape.dataset.missing;
  const lines = list.querySelectorAll("li");
  const count = list.querySelector("[data-there]");
  count.textContent = count.dataset.there.replace("{done}", list.querySelectorAll("li[data-done]").length).replace("{all}", lines.length);
}
