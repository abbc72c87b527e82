// Every page works without script. Each module is fetched only where its attribute is on the page.
const modules = {
  "[data-focus]": "focus",
  "[data-autosave]": "autosave",
  "[data-guard]": "guard",
  "[data-counter]": "counter",
  "[data-preview]": "preview",
  "[data-form-preview]": "form_preview",
  "[data-similar]": "similar",
  "[data-dialog]": "dialog",
  "[data-checklist]": "checklist",
  "[data-key]": "keys",
  "[data-review]": "review",
  "[data-theme-switch]": "theme",
  "[data-relative]": "times",
  "[data-filter]": "filter",
  "[data-ballot]": "ballot",
  "[data-pick]": "pick",
  "details.menu": "menu",
  ".tabs, .filters > .pills": "strips",
  'form[action^="/sign-out"]': "leaving",
};

const needed = Object.entries(modules).filter(([selector]) => document.querySelector(selector));
const started = needed.map(([selector, name]) => import(`./${name}.js`).then((module) => module.start(selector)));
Promise.allSettled(started).then(() => (document.documentElement.dataset.scripts = "started"));
