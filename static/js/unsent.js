// What is typed and not saved yet, in the browser's own storage: one entry a form, {owner, at, version, sent, fields}.
// Storage may be full, forbidden or gone at any time; nothing here may stop anybody from writing.
const PREFIX = "apertura.text.";
const LONGEST = 14 * 24 * 3600 * 1000;

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

export function write(key, entry) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(entry));
  } catch {
    /* then it is on the page alone */
  }
}

export function drop(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    /* nothing was kept */
  }
}

// Forget what others left on this machine and what is old; all of it when somebody signs out.
export function sweep(keeps = () => false) {
  try {
    for (const name of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
      const entry = read(name.slice(PREFIX.length));
      if (!entry || Date.now() - entry.at > LONGEST || !keeps(entry)) localStorage.removeItem(name);
    }
  } catch {
    /* nothing was kept */
  }
}

// Signing out takes what this browser still holds with it: the next person at this machine finds nothing.
export function leaving(selector) {
  for (const form of document.querySelectorAll(selector)) form.addEventListener("submit", () => sweep());
}
