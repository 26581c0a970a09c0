// A button with data-put="field" puts the text of data-put-from="id" into that field, once; data-put-mode
// names a switch to press first. With data-put-value that value takes the place of what stands there. The buttons come hidden: without this script there is nothing to press.
(() => {
  const show = () => {
    for (const button of document.querySelectorAll("[data-put][hidden]")) {
      if (document.getElementById(button.dataset.put)) button.hidden = false;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-put]");
    if (!button) return;
    const field = document.getElementById(button.dataset.put);
    if (field && button.dataset.putValue) {
      field.value = button.dataset.putValue;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
      return;
    }
    const source = document.getElementById(button.dataset.putFrom);
    if (!field || !source) return;
    const mode = document.getElementById(button.dataset.putMode ?? "");
    if (mode && !mode.checked) mode.click();
    const text = source.innerText.trim();
    if (!field.value.includes(text)) {
      field.value = [field.value.trimEnd(), text].filter(Boolean).join("\n\n");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.focus();
  });

  show();
  document.addEventListener("htmx:afterSettle", show);
})();
