// Native dialogs: a button with data-dialog="id" opens one; focus returns to that button (the
// browser does it); a click on the veil or on [data-close] closes. An empty dialog opens at once,
// so that keys go nowhere else, and is filled from its opener's address. Without this script the
// button's own link or form still works.
(() => {
  const opener = (event) => event.target.closest?.("[data-dialog]");
  const focusFirst = (dialog) =>
    dialog
      .querySelector("[autofocus], [aria-invalid='true'], select, textarea, input:not([type=hidden])")
      ?.focus();

  const fill = (dialog, address) => {
    dialog.setAttribute("aria-busy", "true");
    window.htmx.ajax("GET", address, { target: dialog, swap: "innerHTML" });
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    const dialog = event.detail.target;
    if (!dialog?.matches?.("dialog[aria-busy]")) return;
    dialog.removeAttribute("aria-busy");
    if (!event.detail.successful) dialog.close();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.matches?.("dialog[open]")) focusFirst(event.target);
  });

  document.addEventListener("click", (event) => {
    const button = opener(event);
    if (button) {
      const dialog = document.getElementById(button.dataset.dialog);
      if (!dialog?.showModal) return;
      event.preventDefault();
      dialog.showModal();
      if (dialog.childElementCount || !button.href) focusFirst(dialog);
      else fill(dialog, button.href);
      return;
    }
    const close = event.target.closest?.("[data-close]");
    if (close) {
      event.preventDefault();
      close.closest("dialog")?.close();
    } else if (event.target instanceof HTMLDialogElement && event.target.matches(".dialog")) {
      event.target.close();
    }
  });

  // A form that came back with errors lies in a dialog: show it again.
  const reopen = () => {
    for (const dialog of document.querySelectorAll("dialog[data-open]")) {
      dialog.removeAttribute("data-open");
      // Without this script it stands open in the page; with it, above the page.
      dialog.removeAttribute("open");
      dialog.showModal();
    }
  };
  reopen();
  document.addEventListener("htmx:afterSettle", reopen);
})();
