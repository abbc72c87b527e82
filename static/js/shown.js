// A part with data-shown-by="NAME" and data-shown-for="one two" is there while the radio called NAME stands at one of these values.
// Without script all parts are there, each with a note for whom it is; the server keeps only what belongs together.
export function start(selector) {
  const parts = [...document.querySelectorAll(selector)];
  const form = parts[0].closest("form");
  for (const note of form.querySelectorAll("[data-shown-note]")) note.hidden = true;

  const show = () => {
    for (const part of parts) {
      const chosen = form.elements[part.dataset.shownBy]?.value;
      // What was refused stays in sight, whatever is chosen.
      part.hidden = !part.dataset.shownFor.split(" ").includes(chosen) && !part.querySelector("[aria-invalid], .error");
    }
    for (const group of form.querySelectorAll(".part-group")) {
      group.hidden = [...group.children].slice(1).every((child) => child.hidden);
    }
  };

  form.addEventListener("change", show);
  show();
}
