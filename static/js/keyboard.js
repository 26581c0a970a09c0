// The fast way through the desk. A key presses the control that carries it (data-key, drawn by
// keys_ui from the one list of commands); what has no control is told as 'tuntas:command'. Single
// characters work only outside of fields and dialogs; who switched them off has none on the page.
(() => {
  const PAIR_TIME = 1200;
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  const scripted = JSON.parse(document.getElementById("palette")?.dataset.keys ?? "{}");
  const pages = document.getElementById("palette-commands")?.content;
  const TYPED =
    "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file]), textarea, select, [contenteditable], [role=combobox]";

  const typing = (node) => node?.closest?.(TYPED);
  const visible = (node) => node.getClientRects().length > 0;
  const carries = (key) => `[data-key="${CSS.escape(key)}"]`;

  // A control in a column that is folded away works as well; one in a closed dialog does not.
  const controlOf = (key) => {
    const all = [...document.querySelectorAll(carries(key))].filter((each) => !each.disabled);
    // What has just been said below may be answered at once, whatever else stands on the page.
    return all.find((each) => each.closest("#toasts")) ?? all.find(visible) ?? all.find((each) => !each.closest("dialog:not([open])"));
  };

  const unfold = (node) => {
    const details = node.closest("details");
    if (details) details.open = true;
    const sheet = node.closest("[popover]");
    if (sheet && !visible(node)) sheet.showPopover();
  };

  const focusOn = (id) => {
    const place = document.getElementById(id);
    const field = place?.matches("form")
      ? place.querySelector("input:not([type=hidden]), select, textarea")
      : place;
    if (!field) return;
    unfold(field);
    field.focus();
  };

  const press = (control) => {
    const { focus } = control.dataset;
    if (control.matches("a, button, label")) control.click();
    else if (!focus) {
      unfold(control);
      control.focus();
    }
    // At once: what is typed next must land in the text, not press further keys.
    if (focus) focusOn(focus);
  };

  document.addEventListener("tuntas:press", ({ detail: control }) => press(control));

  const tell = (command) =>
    document.dispatchEvent(new CustomEvent("tuntas:command", { detail: command }));

  const step = (by) => {
    const rows = [...document.querySelectorAll(".list a.row")];
    if (!rows.length) return;
    const at = rows.findIndex(
      (row) => row === document.activeElement || (row.ariaCurrent === "true" && !rows.includes(document.activeElement))
    );
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const send = (from) => {
    const form = from?.closest?.("form");
    if (!form?.matches("[data-ctrl-enter]")) return false;
    form.requestSubmit();
    return true;
  };

  const run = (key) => {
    const command = Object.keys(scripted).find((each) => scripted[each] === key);
    if (command === "next" || command === "previous") step(command === "next" ? 1 : -1);
    else if (command) tell(command);
    else {
      const control = controlOf(key);
      const page = pages?.querySelector(carries(key) + "[data-href]");
      if (control) press(control);
      else if (page) location.assign(page.dataset.href);
      else return false;
    }
    return true;
  };

  const begins = (key) =>
    Boolean(document.querySelector(`[data-key^="${CSS.escape(key)} "]`) ?? pages?.querySelector(`[data-key^="${CSS.escape(key)} "]`)) ||
    Object.values(scripted).some((each) => each.startsWith(`${key} `));

  // The key as the list of commands writes it; empty for what can be none.
  const written = (event) => {
    if (event.isComposing || event.altKey || event.getModifierState("AltGraph")) return "";
    const held = event.ctrlKey || (mac && event.metaKey && event.key === "Enter");
    if (event.metaKey && !(mac && event.key === "Enter")) return "";
    const key = event.key.toLowerCase();
    const letter = /^[a-z]$/.test(key);
    if (held) {
      if (letter && event.shiftKey) return "";
      return key === "enter" || (key.length === 1 && key !== " ") ? `ctrl+${key}` : "";
    }
    if (key.length !== 1 || key === " ") return "";
    return letter && event.shiftKey ? `shift+${key}` : key;
  };

  let pair = { key: "", until: 0 };
  const pressed = (key) => {
    const whole = Date.now() < pair.until ? `${pair.key} ${key}` : key;
    pair = { key: "", until: 0 };
    if (run(whole)) return true;
    if (whole !== key || !begins(key)) return false;
    pair = { key, until: Date.now() + PAIR_TIME };
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    if (mac && event.metaKey && !event.ctrlKey && event.key === "k" && scripted.palette === "ctrl+/") {
      event.preventDefault();
      return tell("palette");
    }
    const key = written(event);
    if (!key) return;
    const dialog = document.querySelector("dialog[open]");
    if (key === scripted.send) {
      if (send(event.target)) event.preventDefault();
      return;
    }
    if (key === scripted.palette && (!dialog || dialog.id === "palette")) {
      event.preventDefault();
      return tell("palette");
    }
    if (dialog || (!key.startsWith("ctrl+") && typing(event.target))) return;
    if (pressed(key)) event.preventDefault();
  });
})();
