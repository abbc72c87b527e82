// How many rows of a form's table are ticked, said beside its acts; Shift ticks a range.
export function start(selector) {
  for (const form of document.querySelectorAll(selector)) {
    const boxes = [...form.querySelectorAll("input[name=pick]")];
    const told = form.querySelector("[data-picked]");
    let last = null;
    const tell = () => {
      const count = boxes.filter((box) => box.checked).length;
      told.textContent = count ? told.dataset.picked.replace("{n}", String(count)) : "";
    };
    for (const box of boxes) {
      box.addEventListener("click", (event) => {
        if (event.shiftKey && last) {
          const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
          for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
        }
        last = box;
        tell();
      });
    }
    tell();
  }
}
