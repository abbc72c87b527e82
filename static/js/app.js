// Every page works without script. Each module is fetched only where its attribute is on the page; it exports `start`, or what the
// name says after the dot.
const modules = {
  "[data-focus]": "page.focus",
  "[data-autosave]": "autosave",
  "[data-guard]": "writing.guard",
  "[data-counter]": "writing.counter",
  "[data-preview]": "preview",
  "[data-form-preview]": "form_preview",
  "[data-similar]": "similar",
  "[data-dialog]": "dialog",
  "[data-checklist]": "checklist",
  "[data-key]": "keys",
  "[data-review]": "review",
  "[data-theme-switch]": "page.theme",
  "[data-relative]": "page.times",
  "[data-filter]": "filter",
  "[data-ballot]": "ballot",
  "[data-shown-by]": "shown",
  "[data-pick]": "pick",
  "details.menu": "page.menus",
  ".tabs, .filters > .pills": "page.strips",
  'form[action^="/sign-out"]': "unsent.leaving",
};

const needed = Object.entries(modules).filter(([selector]) => document.querySelector(selector));
const started = needed.map(([selector, name]) => {
  const [file, act = "start"] = name.split(".");
  return import(`./${file}.js`).then((module) => module[act](selector));
});
Promise.allSettled(started).then(() => (document.documentElement.dataset.scripts = "started"));
