// The tray says what the ballot says, as it is filled in. What is chosen stays in this browser until it is cast or one signs out.
// A visitor's choices go over to the account that signs in; an account's own are nobody else's.
import { drop, read, sweep, write } from "./unsent.js";

const MODULES = { rank: "ballot_rank", points: "ballot_points", basket: "ballot_points", pair: "ballot_pairs" };
const UNSAID = new Set(["csrf_token", "seen", "act", "why", "then"]);

export function start(selector) {
  const places = [...document.querySelectorAll(selector)];
  return Promise.all(places.map((place) => (place.matches("form") ? follow(place) : drop(keyOf(place, place.dataset.voter)))));
}

const keyOf = (place, voter) => `ballot-${place.dataset.ballot}-${voter}`;

function take(form, key) {
  const voter = form.dataset.voter;
  sweep((entry) => entry.owner === voter || entry.owner === "");
  const visitors = keyOf(form, "");
  const left = voter ? read(visitors) : null;
  if (left) {
    drop(visitors);
    if (!read(key)) write(key, { ...left, owner: voter });
  }
  return read(key);
}

const marks = (form) => new URLSearchParams([...new FormData(form)].filter(([name, value]) => !UNSAID.has(name) && value !== "" && value !== "0")).toString();

async function follow(form) {
  for (const part of form.querySelectorAll("[data-without-script]")) part.hidden = true;
  const key = keyOf(form, form.dataset.voter);
  const drawn = marks(form);
  const module = MODULES[form.dataset.kind] && (await import(`./${MODULES[form.dataset.kind]}.js`));

  const told = () => {
    module?.draw?.(form);
    tell(form, marks(form) === drawn);
  };
  const changed = () => {
    write(key, { owner: form.dataset.voter, at: Date.now(), fields: marks(form) });
    told();
  };

  const kept = take(form, key)?.fields;
  const behind = kept !== undefined && form.dataset.fresh === "yes" && kept !== drawn;
  if (behind) restore(form, new URLSearchParams(kept));
  module?.start(form, changed, behind ? new URLSearchParams(kept) : null);
  for (const event of ["input", "change"]) form.addEventListener(event, changed);
  told();
}

function restore(form, kept) {
  const wanted = new Set([...kept].map(([name, value]) => `${name}=${value}`));
  for (const input of form.querySelectorAll("input:enabled:not([type=hidden])")) {
    if (input.matches("[type=checkbox], [type=radio]")) input.checked = wanted.has(`${input.name}=${input.value}`) || (input.value === "" && !kept.has(input.name));
    else input.value = kept.get(input.name) ?? "";
  }
}

// The figures of the ballot as it stands, as the server makes them: how many, and what they cost.
export function figures(form) {
  const words = form.querySelector("[data-tray]");
  const given = [...new URLSearchParams(marks(form))].filter(([name]) => name !== "passed");
  const total = Number(words.dataset.total);
  const cost = form.dataset.kind === "basket"
    ? ([, value]) => Number(form.querySelector(`input[value="${CSS.escape(value)}"]`)?.dataset.cost ?? 0)
    : ([, value]) => (words.dataset.cost === "square" ? Number(value) ** 2 : Number(value));
  const spent = total ? given.reduce((sum, each) => sum + (cost(each) || 0), 0) : 0;
  return { count: given.length, most: Number(words.dataset.most), spent, total, left: Math.max(0, total - spent) };
}

export function filled(words, values, currency = "") {
  const lang = document.documentElement.lang;
  const money = new Set(["spent", "total", "left", "more"]);
  return words.replace(/\{(\w+)\}/g, (whole, name) => {
    if (!(name in values)) return whole;
    const number = values[name].toLocaleString(lang, { useGrouping: "always" });
    return currency && money.has(name) ? `${number} ${currency}` : number;
  });
}

function tell(form, same) {
  const words = form.querySelector("[data-tray]");
  const { count, most, spent, total, left } = figures(form);
  const tooMany = most > 0 && count > most;
  const overspent = total > 0 && spent > total;
  const what = tooMany ? "over" : overspent ? "overspent" : count === 0 ? "none" : count === 1 ? "one" : "many";
  const state = same ? words.dataset.drawn : form.dataset.cast === "yes" ? words.dataset.changed : words.dataset.notCast;
  const said = filled(words.dataset[what], { n: count, most, spent, total, left, more: spent - total }, words.dataset.currency);
  const sentence = tooMany || overspent ? said : `${said} ${state}`;
  if (words.textContent !== sentence) words.textContent = sentence;
  const tray = words.closest(".tray");
  tray.toggleAttribute("data-over", tooMany || overspent);
  tray.querySelector(".bar .value")?.setAttribute("width", String(Math.min(200, (200 * spent) / (total || 1))));
}
