// Lines of tabs and filters scroll sideways on small screens: the one at hand is brought into sight.
export function start(selector) {
  for (const strip of document.querySelectorAll(selector)) {
    const here = strip.querySelector("[aria-current]");
    if (!here || strip.scrollWidth <= strip.clientWidth) continue;
    strip.scrollLeft += here.getBoundingClientRect().left - strip.getBoundingClientRect().left - (strip.clientWidth - here.offsetWidth) / 2;
  }
}
