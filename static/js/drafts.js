// What was typed in a form marked data-keep="some name" survives a reload, a lost connection and
// a sign-out, on this device only, until the form was sent. Passwords and files are never kept;
// a draft older than a day is dropped.
(() => {
  const PREFIX = "draft:";
  const LIFETIME = 24 * 60 * 60 * 1000;
  const SKIP = new Set(["password", "file", "hidden", "submit", "button"]);

  let store;
  try {
    store = localStorage;
    store.getItem(PREFIX);
  } catch {
    return; // no storage, no drafts
  }

  const keyOf = (form) => PREFIX + form.dataset.keep;
  const fields = (form) =>
    [...form.elements].filter((field) => field.name && !SKIP.has(field.type));

  const save = (form) => {
    const values = fields(form).map((field) =>
      field.type === "checkbox" || field.type === "radio"
        ? [field.name, field.value, field.checked]
        : [field.name, field.value]
    );
    const empty = values.every(([, value, checked]) => checked === undefined && !value.trim());
    if (empty) store.removeItem(keyOf(form));
    else store.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values }));
    const note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = empty;
  };

  const restore = (form) => {
    let draft;
    try {
      draft = JSON.parse(store.getItem(keyOf(form)) ?? "null");
    } catch {
      draft = null;
    }
    if (!draft || Date.now() - draft.at > LIFETIME) return store.removeItem(keyOf(form));
    // A page that comes back with errors already holds what was sent.
    if (form.querySelector('[aria-invalid="true"]')) return;
    for (const [name, value, checked] of draft.values) {
      for (const field of fields(form).filter((each) => each.name === name)) {
        if (checked === undefined) {
          if (!field.value) field.value = value;
        } else if (field.value === value) field.checked = checked;
      }
    }
    const note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = false;
  };

  // The server says which drafts it has accepted: an element with data-draft-done="name name".
  const forget = (names) => {
    for (const name of names.split(/\s+/).filter(Boolean)) store.removeItem(PREFIX + name);
  };
  const accepted = () => document.querySelectorAll("[data-draft-done]");

  const adopt = (root) => {
    for (const form of root.querySelectorAll("form[data-keep]")) {
      if (form.dataset.kept) continue;
      form.dataset.kept = "1";
      restore(form);
      form.addEventListener("input", () => save(form));
    }
  };

  for (const node of accepted()) forget(node.dataset.draftDone);
  adopt(document);
  document.addEventListener("htmx:afterSettle", () => {
    for (const node of accepted()) forget(node.dataset.draftDone);
    adopt(document);
  });
  document.addEventListener("tuntas:drawn", () => adopt(document));
})();
