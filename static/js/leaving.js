// Signing out takes what this browser still holds with it: the next person at this machine finds nothing.
import { sweep } from "./unsent.js";

export function start(selector) {
  for (const form of document.querySelectorAll(selector)) form.addEventListener("submit", () => sweep());
}
