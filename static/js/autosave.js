// A form with data-autosave="URL" is posted there two seconds after the last key (files left out).
// Answer: 200 {saved_at: ISO time, version: number, others?: [sentence], moved?: {url, autosave, keep}}; anything else may carry {detail, conflict}.
// The form's `version` field follows. With data-keep, what is not saved is kept in the browser and put back after a crash.
import { drop, read, sweep, write } from "./unsent.js";

const PAUSE = 2000;
const RETRY = 5 * PAUSE;
const NOT_TYPED = new Set(["csrf_token", "version", "draft", "way", "then"]);

export function start(selector) {
  for (const form of document.querySelectorAll(selector)) watch(form);
}

function watch(form) {
  const note = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  const keeper = keeping(form);
  let timer = 0;
  let busy = false;
  let again = false;
  let conflict = false;
  const say = (state, words) => {
    if (!note) return;
    note.dataset.state = state;
    note.textContent = words;
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  async function save() {
    if (conflict) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    const sent = JSON.stringify(typed(form));
    say("saving", note?.dataset.saving ?? "");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: posted(form), headers: { Accept: "application/json" } });
      const data = await answer.json().catch(() => ({}));
      if (answer.ok) {
        const version = form.elements.namedItem("version");
        if (version && data.version !== undefined) version.value = data.version;
        if (data.moved) move(form, data.moved);
        keeper.saved(sent);
        say("saved", (note?.dataset.savedAt ?? "{time}").replace("{time}", clock(data.saved_at ?? Date.now())));
        show(data.others);
        form.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail: data }));
      } else {
        conflict = data.conflict === true;
        say("failed", data.message ?? data.detail ?? note?.dataset.failed ?? "");
        if (answer.status >= 500) later(RETRY);
      }
    } catch {
      say("failed", note?.dataset.failed ?? "");
      later(RETRY);
    }
    busy = false;
    if (again) {
      again = false;
      save();
    }
  }

  form.addEventListener("input", () => {
    keeper.keep();
    later(PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keeper.sending();
  });
  window.addEventListener("online", () => note?.dataset.state === "failed" && save());
  const early = [...form.elements].some(isChanged);
  keeper.restore((at) => {
    say("failed", (note?.dataset.putBack ?? "").replace("{time}", clock(at)));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  if (early) form.dispatchEvent(new Event("input", { bubbles: true }));
}

// Somebody was quicker than this script.
function isChanged(control) {
  if (!control.name || NOT_TYPED.has(control.name) || control.type === "hidden") return false;
  return ["checkbox", "radio"].includes(control.type)
    ? control.checked !== control.defaultChecked
    : control.defaultValue !== undefined && control.value !== control.defaultValue;
}

// The browser's copy of one form.
function keeping(form) {
  const owner = form.dataset.owner;
  const version = () => form.elements.namedItem("version")?.value ?? "";
  if (!form.dataset.keep) return { keep() {}, saved() {}, sending() {}, restore() {} };
  sweep((entry) => entry.owner === owner || entry.owner === "");
  return {
    keep: () => write(form.dataset.keep, { owner, at: Date.now(), version: version(), fields: typed(form) }),
    saved: (sent) => JSON.stringify(typed(form)) === sent && drop(form.dataset.keep),
    sending: () => write(form.dataset.keep, { owner, at: Date.now(), version: version(), fields: typed(form), sent: true }),
    restore(told) {
      const entry = read(form.dataset.keep);
      const same = entry && JSON.stringify(entry.fields) === JSON.stringify(typed(form));
      if (!entry) return;
      if (same || (entry.sent && entry.version !== version())) drop(form.dataset.keep);
      else if (entry.version === version()) {
        fill(form, entry.fields);
        told(entry.at);
      } else offer(form, entry, told);
    },
  };
}

// The draft was changed since: only whoever wrote decides whether the old text is put into the form.
function offer(form, entry, told) {
  const box = document.querySelector("[data-unsent]");
  if (!box) return;
  const words = box.querySelector("[data-words]");
  words.textContent = words.dataset.words.replace("{time}", clock(entry.at));
  box.hidden = false;
  box.querySelector("[data-put]").addEventListener("click", () => {
    fill(form, entry.fields);
    form.elements.namedItem("version").value = entry.version;
    box.hidden = true;
    told(entry.at);
  });
  box.querySelector("[data-drop]").addEventListener("click", () => {
    drop(form.dataset.keep);
    box.hidden = true;
  });
}

function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || NOT_TYPED.has(control.name) || ["hidden", "file", "submit", "button"].includes(control.type)) continue;
    const wanted = values.get(control.name) ?? [];
    if (["checkbox", "radio"].includes(control.type)) control.checked = wanted.includes(control.value);
    else if (control.type === "select-multiple") for (const option of control.options) option.selected = wanted.includes(option.value);
    else if (wanted.length) control.value = wanted[0];
    control.dispatchEvent(new Event("input"));
  }
}

// What was saved for the first time has an address of its own now: a reload finds it there.
function move(form, to) {
  drop(form.dataset.keep);
  history.replaceState(null, "", to.url);
  form.action = to.url;
  form.dataset.autosave = to.autosave;
  form.dataset.keep = to.keep;
}

function show(others) {
  const list = document.querySelector("[data-presence]");
  if (!list || !others) return;
  list.replaceChildren(...others.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  list.hidden = others.length === 0;
}

function clock(moment) {
  return new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

function posted(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

function typed(form) {
  return [...posted(form)].filter(([name]) => !NOT_TYPED.has(name));
}
