// Native dialogs: a button with data-dialog="id" opens one; focus returns to that button (the
// browser does it); a click on the veil or on [data-close] closes. Without this script the
// button's own link or form still works.
(() => {
  const opener = (event) => event.target.closest?.("[data-dialog]");

  document.addEventListener("click", (event) => {
    const button = opener(event);
    if (button) {
      const dialog = document.getElementById(button.dataset.dialog);
      if (!dialog?.showModal) return;
      event.preventDefault();
      dialog.showModal();
      dialog.querySelector("[autofocus], [aria-invalid='true'], select, textarea, input")?.focus();
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
