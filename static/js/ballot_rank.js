// A ranking: rows go between two lists by button, by number or by dragging. The places are what stands in the fields, as without script.
export function start(form, changed) {
  const ranks = form.querySelector(".ranks");
  const ranked = ranks.querySelector("[data-ranked]");
  const unranked = ranks.querySelector("[data-unranked]");
  const ties = ranks.dataset.ties === "yes";
  const rows = [...ranks.querySelectorAll("[data-candidate]")].filter((row) => field(row));
  const own = [...unranked.children, ...ranked.children];

  const tiers = () => {
    const found = new Map();
    for (const row of rows) {
      const place = placeOf(row);
      if (place) found.set(place, [...(found.get(place) ?? []), row]);
    }
    return [...found].sort(([one], [other]) => one - other).map(([, tier]) => tier);
  };

  function lay(order, focus) {
    order.forEach((tier, index) => tier.forEach((row) => (field(row).value = String(index + 1))));
    const placed = new Set(order.flat());
    for (const row of rows) if (!placed.has(row)) field(row).value = "";
    ranked.append(...order.flat());
    unranked.append(...own.filter((row) => !placed.has(row)));
    ranks.querySelector("[data-none-ranked]").hidden = placed.size > 0;
    ranks.querySelector("[data-rest]").hidden = unranked.children.length === 0;
    focus?.focus();
    changed();
  }

  function say(row) {
    const words = placeOf(row) ? ranks.dataset.moved : ranks.dataset.removed;
    const values = { title: row.querySelector("[data-title]").textContent.trim(), place: placeOf(row), n: tiers().flat().length };
    ranks.querySelector("[data-said]").textContent = words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function step(row, verb, button) {
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    lay(stepped(tiers(), row, verb), null);
    const next = verb === "add" ? neighbour?.querySelector("[data-step=add]") ?? row.querySelector("[data-step=up]") : verb === "off" ? row.querySelector("[data-step=add]") : button;
    next?.focus();
    say(row);
  }

  function write(row) {
    const wanted = placeOf(row);
    field(row).value = "";
    const order = tiers();
    if (wanted && ties && wanted <= order.length) order[wanted - 1].push(row);
    else if (wanted) order.splice(wanted - 1, 0, [row]);
    lay(order, field(row));
    say(row);
  }

  ranks.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    step(button.closest("[data-candidate]"), button.dataset.step, button);
  });
  ranks.addEventListener("change", (event) => {
    if (!event.target.matches(".place")) return;
    event.stopPropagation();
    write(event.target.closest("[data-candidate]"));
  });
  ranks.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".place")) return;
    event.preventDefault();
    event.target.blur(); // tells of the change, as leaving it by Tab does
    event.target.focus();
  });

  for (const grip of ranks.querySelectorAll("[data-grip]")) {
    grip.hidden = false;
    grip.addEventListener("pointerdown", (event) => drag(event, grip.closest("[data-candidate]")));
  }

  function drag(event, row) {
    event.preventDefault();
    const before = tiers().map((tier) => tier.filter((each) => each !== row)).filter((tier) => tier.length);
    row.toggleAttribute("data-dragged", true);
    let last = event.clientY;
    const move = ({ clientX, clientY }) => {
      const target = document.elementFromPoint(clientX, clientY);
      const over = target?.closest("[data-ranked] > *, [data-unranked] > *");
      if (over && over !== row) {
        const box = over.getBoundingClientRect();
        over.parentElement.insertBefore(row, clientY < box.top + box.height / 2 ? over : over.nextSibling);
      } else if (!over && target?.closest("section")?.contains(ranked)) ranked.append(row);
      if (clientY < 80 && clientY < last) scrollBy(0, -16);
      else if (clientY > innerHeight - 140 && clientY > last) scrollBy(0, 16);
      last = clientY;
    };
    const end = () => {
      for (const [name, act] of Object.entries(acts)) document.removeEventListener(name, act);
      row.removeAttribute("data-dragged");
      const at = [...ranked.children].indexOf(row);
      lay(at < 0 ? before : dropped(before, row, at), null);
      say(row);
    };
    // On the document: a row that is moved within it loses the pointer it had captured.
    const acts = { pointermove: move, pointerup: end, pointercancel: end };
    for (const [name, act] of Object.entries(acts)) document.addEventListener(name, act);
  }

  const typed = tiers();
  if (typed.length) lay(typed, null);
}

const field = (row) => row.querySelector(".place");
const placeOf = (row) => (/^\d+$/.test(field(row)?.value.trim() ?? "") ? Number(field(row).value) : 0);

// As the server does it without script (`core.tally.drafting.moved`).
function stepped(order, row, verb) {
  const at = order.findIndex((tier) => tier.includes(row));
  if (at < 0) return verb === "add" ? [...order, [row]] : order;
  const tier = order[at].filter((each) => each !== row);
  const [before, rest, after] = [order.slice(0, at), tier.length ? [tier] : [], order.slice(at + 1)];
  if (verb === "off") return [...before, ...rest, ...after];
  if (verb === "up" && rest.length) return [...before, [row], ...rest, ...after];
  if (verb === "up" && before.length) return [...before.slice(0, -1), [row], before.at(-1), ...after];
  if (verb === "down" && rest.length) return [...before, ...rest, [row], ...after];
  if (verb === "down" && after.length) return [...before, after[0], [row], ...after.slice(1)];
  if (verb === "join" && before.length) return [...before.slice(0, -1), [...before.at(-1), row], ...rest, ...after];
  return order;
}

// Dropped between two rows; in the midst of some that share a place it shares it too.
function dropped(order, row, at) {
  let passed = 0;
  for (const [index, tier] of order.entries()) {
    if (at === passed) return [...order.slice(0, index), [row], ...order.slice(index)];
    if (at < passed + tier.length) return order.map((each, place) => (place === index ? [...each, row] : each));
    passed += tier.length;
  }
  return [...order, [row]];
}
