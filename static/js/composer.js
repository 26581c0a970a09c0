// Drafts of replies and notes: kept on the server a moment after each key, one for each of the two
// kinds, so that they survive a reload, a sign-out and another machine. A page never overwrites a
// draft that another page has saved or sent since: it asks. While the server is out of reach the
// text stays on this device, for a day at most.
(() => {
  const PAUSE = 700;
  const DAY = 24 * 60 * 60 * 1000;
  const PATIENCE = 2000;
  let store = null;
  try {
    store = localStorage;
    store.getItem("draft:");
  } catch {
    store = null; // nothing is kept on the device
  }

  const boxes = new WeakMap(); // what is known of each composer on the page
  const token = () => document.querySelector('meta[name="csrf-token"]')?.content;
  const current = () => document.querySelector("form.composer[data-draft]");
  const keyOf = (form) => `draft:talk-${form.dataset.number}`;
  const field = (form) => form.elements.body;
  const modeOf = (form) => form.querySelector("[name=mode]:checked")?.value ?? "note";
  const versionOf = (form, mode) => Number(form.dataset[`${mode}Version`] ?? 0);
  const setVersion = (form, mode, version) => (form.dataset[`${mode}Version`] = String(version));

  const values = (form, mode, body) => {
    const macro = form.querySelector("[name=macro]:not([disabled])")?.value ?? "";
    const waiting = form.querySelector("[name=waiting]")?.checked ? "1" : "";
    return { mode, body, macro, waiting };
  };

  const note = (form, place) => {
    const node = form.querySelector("[data-draft-note]");
    if (!node) return;
    node.hidden = !place;
    if (place) node.textContent = place === "there" ? node.dataset.keptThere : node.dataset.keptHere;
  };

  const keepHere = (form, mode) => {
    const kept = { at: Date.now(), mode, body: field(form).value, base: versionOf(form, mode) };
    if (kept.body.trim()) store?.setItem(keyOf(form), JSON.stringify(kept));
    else store?.removeItem(keyOf(form));
  };

  const post = async (form, what) => {
    const body = new URLSearchParams({ ...what, version: String(versionOf(form, what.mode)) });
    const headers = { "X-CSRFToken": token(), Accept: "application/json" };
    const answer = await fetch(form.dataset.draft, { method: "POST", body, headers, keepalive: true });
    const json = answer.headers.get("Content-Type")?.startsWith("application/json");
    return { status: json ? answer.status : 0, said: json ? await answer.json() : {} };
  };

  // One after the other, so that an older text never arrives after a newer one.
  const save = (form, mode, text) => {
    const box = boxes.get(form);
    clearTimeout(box.timer);
    box.timer = 0;
    box.saving = box.saving.then(async () => {
      if (box.stale) return;
      const { status, said } = await post(form, values(form, mode, text)).catch(() => ({ status: 0 }));
      if (status === 200) {
        setVersion(form, mode, said.version);
        box.saved = text;
        if (field(form).value === text) store?.removeItem(keyOf(form));
        note(form, text.trim() ? "there" : "");
      } else if (status === 409) {
        box.stale = true;
        form.querySelector("[data-draft-stale]").hidden = false;
      } else note(form, text.trim() ? "here" : "");
    });
    return box.saving;
  };

  const changed = (form) => {
    const box = boxes.get(form);
    const mode = modeOf(form);
    keepHere(form, mode);
    clearTimeout(box.timer);
    box.timer = setTimeout(() => save(form, mode, field(form).value), PAUSE);
  };

  // Whatever is not saved yet, and whatever is under way.
  const settle = (form) => {
    const box = form && boxes.get(form);
    if (!box) return Promise.resolve();
    if (box.timer) save(form, modeOf(form), field(form).value);
    return Promise.race([box.saving, new Promise((done) => setTimeout(done, PATIENCE))]);
  };

  // The text goes along to the other kind, unless that one has a draft of its own.
  const turned = (form) => {
    const box = boxes.get(form);
    const now = modeOf(form);
    if (now === box.mode) return;
    const left = box.mode;
    const text = field(form).value;
    box.mode = now;
    if (box.texts[now].trim()) {
      if (box.timer) save(form, left, text);
      box.texts[left] = text;
      field(form).value = box.texts[now];
      box.saved = box.texts[now];
    } else if (text.trim()) {
      save(form, left, "");
      changed(form);
    }
    box.texts[now] = "";
  };

  const theirs = async (form) => {
    const box = boxes.get(form);
    const answer = await fetch(form.dataset.draft, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) return null;
    const drafts = await answer.json();
    return boxes.get(form) === box ? drafts : null;
  };

  const take = (form, drafts) => {
    const box = boxes.get(form);
    for (const [mode, draft] of Object.entries(drafts)) setVersion(form, mode, draft.version);
    field(form).value = box.saved = drafts[box.mode].body;
    box.texts[box.mode === "reply" ? "note" : "reply"] = drafts[box.mode === "reply" ? "note" : "reply"].body;
    store?.removeItem(keyOf(form));
    note(form, box.saved ? "there" : "");
  };

  // Back at this page: another one may have gone on with the draft, or sent it.
  let looked = 0;
  const look = async () => {
    const form = current();
    const box = form && boxes.get(form);
    if (!box || box.stale || box.timer || document.hidden || Date.now() - looked < 1000) return;
    looked = Date.now();
    const drafts = await theirs(form).catch(() => null);
    if (!drafts || box.timer || field(form).value !== box.saved) return;
    if (drafts[box.mode].version !== versionOf(form, box.mode)) take(form, drafts);
  };

  const restore = (form) => {
    let kept = null;
    try {
      kept = JSON.parse(store?.getItem(keyOf(form)) ?? "null");
    } catch {
      kept = null;
    }
    if (!kept || Date.now() - kept.at > DAY || !kept.body) return void store?.removeItem(keyOf(form));
    const mode = form.querySelector(`[name=mode][value="${kept.mode}"]`);
    if (!mode || form.querySelector('[aria-invalid="true"]')) return;
    const box = boxes.get(form);
    mode.checked = true;
    box.mode = kept.mode;
    const there = versionOf(form, kept.mode);
    field(form).value = kept.body;
    // Somebody went on elsewhere: the server refuses what was begun on the older one, and it is asked.
    setVersion(form, kept.mode, kept.base);
    save(form, kept.mode, kept.body);
    if (there === kept.base) note(form, "here");
  };

  const adopt = () => {
    const form = current();
    if (!form) return;
    if (boxes.has(form)) {
      // Drawn anew where nothing was begun: it holds what the server has.
      if (field(form).value === field(form).defaultValue) boxes.get(form).saved = field(form).value;
      return;
    }
    const other = form.querySelector("template[data-draft-of]");
    const texts = { reply: "", note: "", [other.dataset.draftOf]: other.content.textContent };
    boxes.set(form, { mode: modeOf(form), saved: field(form).value, texts, timer: 0, saving: Promise.resolve() });
    restore(form);
    if (form.querySelector('[aria-invalid="true"]')) changed(form);
    form.addEventListener("input", (event) => {
      if (event.target.name === "body" || event.target.name === "waiting") changed(form);
    });
    form.addEventListener("change", (event) => event.target.name === "mode" && turned(form));
    form.addEventListener("click", async (event) => {
      const box = boxes.get(form);
      const mine = event.target.closest("[data-draft-mine]");
      if (!mine && !event.target.closest("[data-draft-theirs]")) return;
      const drafts = await theirs(form).catch(() => null);
      if (!drafts) return;
      box.stale = false;
      form.querySelector("[data-draft-stale]").hidden = true;
      if (!mine) return take(form, drafts);
      for (const [mode, draft] of Object.entries(drafts)) setVersion(form, mode, draft.version);
      save(form, box.mode, field(form).value);
    });
  };

  // A draft must not arrive after its message: the message waits for it, and so does the way back.
  const passed = new WeakSet();
  document.addEventListener("htmx:confirm", async (event) => {
    const form = event.target.closest?.("form.composer, [data-undo]");
    if (!form || passed.has(form) || !current()) return;
    event.preventDefault();
    passed.add(form);
    form.setAttribute("aria-busy", "true");
    const box = boxes.get(form);
    if (box) {
      clearTimeout(box.timer);
      box.timer = 0;
    }
    await settle(current());
    event.detail.issueRequest(true);
    form.removeAttribute("aria-busy");
    passed.delete(form);
  });
  // Refused: it is a draft still.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form.composer");
    if (form && boxes.has(form) && !event.detail.successful) changed(form);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id === "pane" && !event.target.closest?.("form.composer")) void settle(current());
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? void settle(current()) : void look()));
  addEventListener("pagehide", () => void settle(current()));
  addEventListener("focus", () => void look());

  adopt();
  document.addEventListener("htmx:afterSettle", adopt);
  document.addEventListener("tuntas:drawn", adopt);
})();
