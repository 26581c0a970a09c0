// The fast way through the desk. Single letters work only outside fields and can be switched off
// in the key list (WCAG 2.1.4). Each key presses a control that is on the page: data-key="r" on a
// button, data-go="a" on a link for the pair G, A.
(() => {
  const STORED = "single-keys";
  const PAIR_TIME = 1200;
  const toggle = document.querySelector("[data-single-keys]");
  let enabled = true;
  try {
    enabled = localStorage.getItem(STORED) !== "off";
  } catch {
    // storage refused: keys stay on
  }
  if (toggle) {
    toggle.checked = enabled;
    toggle.addEventListener("change", () => {
      enabled = toggle.checked;
      try {
        localStorage.setItem(STORED, enabled ? "on" : "off");
      } catch {
        // for this page only
      }
    });
  }

  const typing = (node) =>
    node?.closest?.("input, textarea, select, [contenteditable], [role=combobox]");
  const visible = (node) => node && node.getClientRects().length > 0 && !node.disabled;
  const first = (selector) => [...document.querySelectorAll(selector)].find(visible);

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

  let pair = 0;
  const press = (key) => {
    if (Date.now() - pair < PAIR_TIME) {
      pair = 0;
      const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
      if (link) link.click();
      return Boolean(link);
    }
    if (key === "g") {
      pair = Date.now();
      return true;
    }
    if (key === "j" || key === "k") {
      step(key === "j" ? 1 : -1);
      return true;
    }
    const control = first(`[data-key="${CSS.escape(key)}"]`);
    if (!control) return false;
    if (control.matches("input, textarea")) control.focus();
    else control.click();
    // At once: what is typed next must land in the text, not press further keys.
    if (control.dataset.focus) document.getElementById(control.dataset.focus)?.focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) {
      const form = event.target.closest?.("form");
      if (form?.matches("[data-ctrl-enter]")) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !enabled) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (press(event.key.toLowerCase())) event.preventDefault();
  });
})();
