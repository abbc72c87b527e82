// A button with data-preview="URL" data-of="field id" posts the text and shows the answered HTML fragment (cleaned on the server).
export function start(selector) {
  for (const button of document.querySelectorAll(selector)) {
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => toggle(button));
  }
}

async function toggle(button) {
  const field = document.getElementById(button.dataset.of);
  const pane = document.getElementById(`${button.dataset.of}-preview`);
  const show = pane.hidden;
  if (show) {
    const body = new FormData();
    body.set("text", field.value);
    body.set("csrf_token", field.form.elements.namedItem("csrf_token")?.value ?? "");
    const answer = await fetch(button.dataset.preview, { method: "POST", body });
    if (!answer.ok) return;
    pane.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  }
  pane.hidden = !show;
  button.setAttribute("aria-pressed", String(show));
}
