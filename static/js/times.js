// Keeps relative times true while the page stays open: <time datetime="…" data-relative>in 3 hours</time>.
const units = [["day", 86400], ["hour", 3600], ["minute", 60]];

export function start(selector) {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const times = document.querySelectorAll(selector);
  const tell = () => {
    for (const time of times) {
      const seconds = (new Date(time.closest("[datetime]").getAttribute("datetime")) - Date.now()) / 1000;
      const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size * 1.2) ?? units.at(-1);
      time.textContent = words.format(Math.round(seconds / size), unit);
    }
  };
  setInterval(tell, 60000);
}
