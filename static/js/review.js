// The rubric by keys: a digit chooses the level in the criterion at hand, J and K go to the next and the previous one,
// Ctrl+Enter hands in from anywhere.
export function start(selector) {
  const side = document.querySelector(selector);
  const form = side.querySelector("form");
  const criteria = [...side.querySelectorAll(".criterion")];
  const submit = document.getElementById("hand-in");
  let at = Math.max(0, criteria.findIndex((criterion) => !criterion.querySelector("[data-layout=levels] :checked")));

  const go = (index) => {
    at = Math.min(Math.max(index, 0), criteria.length - 1);
    const radios = criteria[at].querySelectorAll("[data-layout=levels] input");
    ([...radios].find((radio) => radio.checked) ?? radios[0])?.focus();
  };

  side.addEventListener("focusin", (event) => {
    const index = criteria.indexOf(event.target.closest(".criterion"));
    if (index >= 0) at = index;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (!submit) return;
      event.preventDefault();
      form.requestSubmit(submit);
      return;
    }
    if (!criteria.length || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog")) return;
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else if (/^\d$/.test(event.key)) {
      const level = criteria[at].querySelector(`[data-layout=levels] input[value="${event.key}"]`);
      if (!level || level.disabled) return;
      level.checked = true;
      level.focus();
      level.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
