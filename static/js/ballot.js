// The tray says what the ballot says, as it is ticked. What is ticked stays in this tab until it is cast.
// A visitor's ticks go over to the account that signs in; an account's own are nobody else's.
export function start(selector) {
  for (const place of document.querySelectorAll(selector)) {
    if (place.matches("form")) follow(place);
    else sessionStorage.removeItem(keyOf(place, place.dataset.voter));
  }
}

const keyOf = (place, voter) => `ballot-${place.dataset.ballot}-${voter}`;

function take(form, own) {
  const visitors = keyOf(form, "");
  const kept = sessionStorage.getItem(own) ?? sessionStorage.getItem(visitors);
  if (own !== visitors && sessionStorage.getItem(visitors) !== null) {
    sessionStorage.removeItem(visitors);
    if (kept !== null) sessionStorage.setItem(own, kept);
  }
  return kept;
}

function follow(form) {
  const words = form.querySelector("[data-tray]");
  const tray = words.closest(".tray");
  const key = keyOf(form, form.dataset.voter);
  const marks = () => new URLSearchParams([...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && name !== "seen" && value !== "0")).toString();
  const drawn = marks();

  const say = () => {
    const count = [...new URLSearchParams(marks())].length;
    const most = Number(words.dataset.most);
    const over = most > 0 && count > most;
    const what = over ? words.dataset.over : count === 0 ? words.dataset.none : count === 1 ? words.dataset.one : words.dataset.many;
    const state = marks() === drawn ? words.dataset.drawn : form.dataset.cast === "yes" ? words.dataset.changed : words.dataset.notCast;
    const filled = what.replace("{n}", count.toLocaleString(document.documentElement.lang)).replace("{most}", most.toLocaleString(document.documentElement.lang));
    words.textContent = over ? filled : `${filled} ${state}`;
    tray.toggleAttribute("data-over", over);
  };

  const kept = take(form, key);
  if (kept !== null && form.dataset.fresh === "yes") restore(form, new URLSearchParams(kept));
  form.addEventListener("change", () => {
    sessionStorage.setItem(key, marks());
    say();
  });
  say();
}

function restore(form, kept) {
  const wanted = new Set([...kept].map(([name, value]) => `${name}=${value}`));
  for (const input of form.querySelectorAll("input[type=checkbox], input[type=radio]")) {
    if (!input.disabled) input.checked = wanted.has(`${input.name}=${input.value}`);
  }
}
