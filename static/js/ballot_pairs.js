// Two cards at a time without loading the page anew: the server chooses the next pair from the answers so far.
export function start(form, changed, kept) {
  let busy = false;

  async function ask(address, fields) {
    const answer = await fetch(address, { method: "POST", body: fields }).catch(() => null);
    const page = answer?.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const fresh = page?.querySelector("[data-pairs]");
    if (!fresh) return false;
    form.querySelector("[data-pairs]").replaceWith(fresh);
    return true;
  }

  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button?.name !== "act" || busy === "by itself") return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    const fields = new FormData(form);
    fields.append("act", button.value);
    if (await ask(button.formAction, fields)) {
      changed();
      // Read out by a screen reader, and the next Tab comes to the first card.
      document.getElementById("versus")?.focus();
      busy = false;
    } else {
      busy = "by itself";
      form.requestSubmit(button);
    }
  });

  if (kept) {
    const fields = new FormData(form);
    for (const name of ["pair", "passed"]) {
      fields.delete(name);
      for (const value of kept.getAll(name)) fields.append(name, value);
    }
    ask(location.href, fields).then((drawn) => drawn && changed());
  }
}
