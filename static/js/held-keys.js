// No key is lost or hits something else because the page is not ready for it. What is about to be
// replaced says so by aria-busy: the open ticket, a dialog that is being filled, a form on its way. Keys
// pressed meanwhile, and before the page's scripts run, are held and pressed in their turn afterwards;
// a refusal or Escape forgets them: they were meant for what did not come. Tells nobody of a key that
// it holds, so this script runs before all others.
(() => {
  const BUSY = '#pane[aria-busy="true"], dialog[open][aria-busy="true"], form[aria-busy="true"]';
  const FIELD =
    "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file])";
  const REACHED = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const held = [];
  let started = false;

  const isBusy = () => !started || document.querySelector(BUSY) !== null;

  // Ctrl with another key is the browser's, or acts on what is seen.
  const isHeld = (event) => {
    const { key, target } = event;
    if (!key || event.isComposing || event.altKey || event.getModifierState("AltGraph")) return false;
    // A field that stays where it is takes what is typed there.
    if (target.closest?.(FIELD) && !target.closest('[aria-busy="true"]')) return false;
    if (event.ctrlKey || event.metaKey) return key === "Enter" || key === "/";
    if (key === "Tab") return held.length > 0 || Boolean(target.closest?.('[aria-busy="true"]'));
    return key.length === 1 || key === "Enter" || key === "Backspace";
  };

  // --- what the browser itself does with a key, which a script's key does not bring about ------------
  const onward = (from, by) => {
    const all = [...(from.closest("dialog[open]") ?? document).querySelectorAll(REACHED)].filter(
      (each) => each.tabIndex >= 0 && !each.disabled && each.getClientRects().length > 0
    );
    all[(all.indexOf(from) + by + all.length) % all.length]?.focus();
  };
  const choose = (select, letter) => {
    const option = [...select.options].find((each) => each.text.trim().toLowerCase().startsWith(letter));
    if (!option) return;
    select.value = option.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const perform = (place, { key, shiftKey }) => {
    if (key === "Tab") onward(place, shiftKey ? -1 : 1);
    else if (place.matches("select")) choose(place, key.toLowerCase());
    else if (key === "Enter" && place.matches("input")) place.form?.requestSubmit();
    else if (place.matches(FIELD)) {
      if (key === "Backspace") document.execCommand("delete");
      else document.execCommand("insertText", false, key === "Enter" ? "\n" : key);
    } else if (key === "Enter" ? place.matches("a, button, summary") : key === " " && place.matches("button, summary, input")) {
      place.click();
    }
  };

  const press = (key) => {
    const place = document.activeElement ?? document.body;
    const event = new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true });
    if (place.dispatchEvent(event) && !key.ctrlKey && !key.metaKey) perform(place, key);
  };
  const release = () => {
    while (held.length && !isBusy()) press(held.shift());
  };

  addEventListener(
    "keydown",
    (event) => {
      if (!event.isTrusted) return;
      release();
      if (event.key === "Escape") held.length = 0;
      if (!isBusy() || !isHeld(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { key, code, ctrlKey, metaKey, shiftKey } = event;
      if (!event.repeat) held.push({ key, code, ctrlKey, metaKey, shiftKey });
    },
    true
  );

  document.addEventListener("DOMContentLoaded", () => {
    started = true;
    setTimeout(release);
  });
  document.addEventListener("tuntas:ready", () => setTimeout(release));
  document.addEventListener("tuntas:refused", () => (held.length = 0));

  // --- the open ticket ------------------------------------------------------------------------------
  document.addEventListener("htmx:beforeRequest", ({ detail: { target } }) => {
    if (target?.id === "pane") target.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { target, xhr } }) => {
    if (!target?.matches?.("#pane, dialog")) return;
    document.getElementById("pane")?.removeAttribute("aria-busy");
    const came = xhr.status >= 200 && xhr.status < 400 && !xhr.getResponseHeader("HX-Redirect");
    if (!came) held.length = 0;
    // After the other scripts have seen it, too.
    setTimeout(release);
  });
})();
