// What nearly every page has: menus, lines of tabs, times that stay true, light and dark. One file, so that it is asked for once.
const units = [["day", 86400], ["hour", 3600], ["minute", 60]];

// Menus close on Escape and on a click elsewhere.
export function menus(selector) {
  const all = [...document.querySelectorAll(selector)];
  document.addEventListener("click", (event) => {
    for (const menu of all) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const open = all.find((menu) => menu.open);
    if (event.key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

// Lines of tabs and filters scroll sideways on small screens: the one at hand is brought into sight.
export function strips(selector) {
  for (const strip of document.querySelectorAll(selector)) {
    const here = strip.querySelector("[aria-current]");
    if (!here || strip.scrollWidth <= strip.clientWidth) continue;
    strip.scrollLeft += here.getBoundingClientRect().left - strip.getBoundingClientRect().left - (strip.clientWidth - here.offsetWidth) / 2;
  }
}

// Relative times follow the clock while the page stays open: <time datetime="…" data-relative>in 3 hours</time>.
export function times(selector) {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const all = document.querySelectorAll(selector);
  const tell = () => {
    for (const time of all) {
      const seconds = (new Date(time.closest("[datetime]").getAttribute("datetime")) - Date.now()) / 1000;
      const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size * 1.2) ?? units.at(-1);
      time.textContent = words.format(Math.round(seconds / size), unit);
    }
  };
  setInterval(tell, 60000);
}

// Light or dark by hand; the choice is a cookie, so that the server draws the next page right at once.
export function theme(selector) {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const now = () => root.dataset.theme ?? (system.matches ? "dark" : "light");
  const button = document.querySelector(selector);
  const label = () => (button.textContent = now() === "dark" ? button.dataset.light : button.dataset.dark);
  button.hidden = false;
  label();
  system.addEventListener("change", label);
  button.addEventListener("click", () => {
    root.dataset.theme = now() === "dark" ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
    label();
  });
}

// The summary of errors takes the focus, so that it is read first.
export function focus(selector) {
  document.querySelector(selector).focus({ preventScroll: false });
}
