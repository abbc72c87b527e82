// Narrow a list on the page while typing: <input data-filter="list id">; rows carry their words as text. The count is announced.
export function start(selector) {
  for (const field of document.querySelectorAll(selector)) {
    const rows = [...document.getElementById(field.dataset.filter).children];
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const told = document.getElementById(`${field.dataset.filter}-count`);
    field.addEventListener("input", () => {
      const sought = plain(field.value);
      for (const row of rows) row.hidden = !plain(row.textContent).includes(sought);
      if (told) told.textContent = String(rows.filter((row) => !row.hidden).length);
    });
  }
}
