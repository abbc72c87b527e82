// The summary of errors takes the focus, so that it is read first.
export function start(selector) {
  document.querySelector(selector).focus({ preventScroll: false });
}
