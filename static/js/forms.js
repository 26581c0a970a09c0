// Small helps inside forms: the composer's mode by key, a submit button that cannot be pressed
// twice, the focus on what was refused.
(() => {
  // R and N choose the mode and go to the text.
  document.addEventListener("click", (event) => {
    const label = event.target.closest("[data-focus]");
    if (label) setTimeout(() => document.getElementById(label.dataset.focus)?.focus());
  });

  // A refused form often comes back longer than the screen: go to its first wrong field.
  const toFirstWrong = (root) => {
    const wrong = [...root.querySelectorAll('[aria-invalid="true"]')].find(
      (field) => !field.closest("dialog:not([open])")
    );
    if (!wrong) return;
    const details = wrong.closest("details");
    if (details) details.open = true;
    const control = wrong.matches("fieldset") ? wrong.querySelector("input, select, textarea") : wrong;
    control?.focus({ preventScroll: true });
    wrong.scrollIntoView({ block: "center" });
  };
  document.addEventListener("DOMContentLoaded", () => toFirstWrong(document));
  document.addEventListener("htmx:afterSettle", (event) => {
    // After the dialog that holds the form was opened again.
    if (event.detail.xhr?.status >= 400) setTimeout(() => toFirstWrong(document));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) delete form.dataset.sending;
  });
})();
