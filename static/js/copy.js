// A button with data-copy="text" copies it and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    const text = button.dataset.copied;
    document.dispatchEvent(new CustomEvent("tuntas:say", { detail: { text } }));
  } catch {
    // the text stands beside the button and can be selected by hand
  }
});
