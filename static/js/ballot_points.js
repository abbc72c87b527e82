// Dots, credits and baskets: one more and one fewer by button or arrow key, and beneath each row what follows from the rest.
import { figures, filled } from "./ballot.js";

const number = (input) => (/^\d+$/.test(input.value.trim()) ? Number(input.value) : 0);

export function start(form, changed) {
  const add = (input, step) => {
    input.value = String(Math.max(0, number(input) + step) || "");
    changed();
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    add(button.closest("[data-candidate]").querySelector("input"), button.dataset.step === "more" ? 1 : -1);
  });
  form.addEventListener("keydown", (event) => {
    if (!event.target.matches("[name^=points-]") || !["ArrowUp", "ArrowDown", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (event.key !== "Enter") add(event.target, event.key === "ArrowUp" ? 1 : -1);
  });
}

export function draw(form) {
  const list = form.querySelector(".ballot");
  const { left } = figures(form);
  for (const row of list.querySelectorAll("[data-candidate]")) {
    const note = row.querySelector("[data-note]");
    const input = row.querySelector("input");
    if (!note || !input) continue;
    const said = form.dataset.kind === "basket" ? fits(list, input, left) : costs(list, number(input));
    if (note.textContent !== said) note.textContent = said;
  }
}

function fits(list, input, left) {
  const cost = Number(input.dataset.cost);
  const fit = input.checked || cost <= left;
  input.closest("[data-candidate]").toggleAttribute("data-unfit", !fit);
  return fit ? "" : filled(list.dataset.unfit, { left, more: cost - left }, list.dataset.currency);
}

function costs(list, votes) {
  const words = votes === 0 ? list.dataset.none : votes === 1 ? list.dataset.one : list.dataset.many;
  return words ? filled(words, { votes, credits: votes * votes, next: 2 * votes + 1 }) : "";
}
