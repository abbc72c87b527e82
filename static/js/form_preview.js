// An element with data-form-preview="URL" shows what the page's largest form would become: the form is posted there while one
// writes, and the answered HTML fragment (made on the server) replaces what is shown.
const PAUSE = 500;

export function start(selector) {
  for (const pane of document.querySelectorAll(selector)) follow(pane);
}

function follow(pane) {
  const form = [...document.forms].sort((a, b) => b.elements.length - a.elements.length)[0];
  let timer = 0;
  let newest = 0;

  async function refresh() {
    const mine = (newest += 1);
    const answer = await fetch(pane.dataset.formPreview, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer?.ok || mine !== newest) return;
    pane.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
}
