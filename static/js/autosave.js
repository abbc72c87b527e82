// A form with data-autosave="URL" is posted there two seconds after the last key (files left out).
// Answer: 200 {saved_at: ISO time, version: number}; anything else may carry {message}. The form's `version` field follows.
const PAUSE = 2000;

export function start(selector) {
  for (const form of document.querySelectorAll(selector)) watch(form);
}

function watch(form) {
  let timer = 0;
  let busy = false;
  let again = false;
  const note = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  const say = (state, words) => {
    if (!note) return;
    note.dataset.state = state;
    note.textContent = words;
  };

  async function save() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    say("saving", note?.dataset.saving ?? "");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: written(form), headers: { Accept: "application/json" } });
      const data = await answer.json().catch(() => ({}));
      if (answer.ok) {
        const version = form.elements.namedItem("version");
        if (version && data.version !== undefined) version.value = data.version;
        const time = new Date(data.saved_at ?? Date.now()).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
        say("saved", (note?.dataset.savedAt ?? "{time}").replace("{time}", time));
        form.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail: data }));
      } else {
        say("failed", data.message ?? data.detail ?? note?.dataset.failed ?? "");
      }
    } catch {
      say("failed", note?.dataset.failed ?? "");
      timer = setTimeout(save, 5 * PAUSE);
    }
    busy = false;
    if (again) {
      again = false;
      save();
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}

function written(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}
