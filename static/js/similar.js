// [data-similar=URL] shows, a moment after the last key, the proposals like what stands in the form: an HTML fragment of the server's.
const PAUSE = 1200;
const PARTS = ["title", "summary", "body"];

export function start(selector) {
  for (const panel of document.querySelectorAll(selector)) watch(panel);
}

function watch(panel) {
  const button = panel.querySelector("button");
  const form = button.form;
  const list = panel.querySelector("[data-list]");
  let timer = 0;
  let asked = "";

  async function look() {
    const body = new FormData();
    for (const name of PARTS) body.set(name, form.elements.namedItem(name)?.value ?? "");
    const words = PARTS.map((name) => body.get(name)).join("\n");
    if (words === asked) return;
    asked = words;
    body.set("own", panel.dataset.own);
    body.set("part", "list");
    body.set("csrf_token", form.elements.namedItem("csrf_token")?.value ?? "");
    const answer = await fetch(panel.dataset.similar, { method: "POST", body }).catch(() => null);
    if (!answer?.ok || words !== asked) return;
    list.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  }

  form.addEventListener("input", (event) => {
    if (!PARTS.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    asked = "";
    look();
  });
  if (PARTS.some((name) => form.elements.namedItem(name)?.value.trim())) look();
}
