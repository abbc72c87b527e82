// Light or dark by hand; the choice is a cookie, so that the server draws the next page right at once.
export function start(selector) {
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
