"""axe on a page as it stands, all rules. What costs most, the contrast of each text, is measured once for each look.

Two texts of the same colour, size and weight over the same grounds have the same contrast, on whatever page they stand. In the
soak each text is measured everywhere.
"""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

from tests import drawing

# Only what is broken is handed over, since the whole report takes longer to read than to make.
VIOLATIONS = """async ([known, everywhere]) => {
  const options = { resultTypes: ["violations"], preload: false };
  if (everywhere) return [(await axe.run(options)).violations, []];
  const grounds = new Map();
  const ground = (at) => {
    if (!at) return "";
    if (!grounds.has(at)) {
      const { backgroundColor, backgroundImage, opacity, position, clipPath, filter, transform } = getComputedStyle(at);
      const own = [backgroundColor, backgroundImage, opacity, position, clipPath, filter, transform].join();
      grounds.set(at, ground(at.parentElement) + (own === "rgba(0, 0, 0, 0),none,1,static,none,none,none" ? "" : `/${own}`));
    }
    return grounds.get(at);
  };
  const looks = {};
  for (const at of document.body.querySelectorAll("*")) {
    const speaks = [...at.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.data.trim());
    if (!(speaks || at.matches("input, select, textarea")) || !at.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(at);
    const look = [color, fontSize, fontWeight, textShadow, ground(at)].join();
    if (!known.includes(look)) (looks[look] ??= []).push(at);
  }
  const { violations } = await axe.run({ ...options, rules: { "color-contrast": { enabled: false } } });
  const include = Object.values(looks).flat();
  if (include.length) violations.push(...(await axe.run({ include }, { ...options, runOnly: ["color-contrast"] })).violations);
  return [violations, Object.keys(looks)];
}"""


class Axe:
    def __init__(self) -> None:
        self.looks: list[str] = []

    def __call__(self, page: Page) -> None:
        """Fails with what axe finds (WCAG 2.2 AA and best practices)."""
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(AXE_SCRIPT)
        violations, looks = page.evaluate(VIOLATIONS, [self.looks, drawing.soaking()])
        self.looks += looks
        results = AxeResults({"violations": violations})
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
