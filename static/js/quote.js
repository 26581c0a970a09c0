// Quoting: what is selected in a message, or the whole of it, goes into the composer with who wrote
// it and when. By the message's button, or by its key for the selection (else the customer's last words).
(() => {
  const text = () => document.getElementById("compose");

  const selected = (message) => {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !message.contains(selection.anchorNode)) return "";
    return message.contains(selection.focusNode) ? selection.toString().trim() : "";
  };

  const quote = (button, words) => {
    const field = text();
    if (!field) return;
    // What the customer must not read stays among us.
    const note = document.getElementById("mode-note");
    if (button.dataset.quoteKind === "note" && note && !note.checked) note.click();
    const head = `> ${button.dataset.quoteWho}, ${button.dataset.quoteAt}:`;
    const lines = words.split("\n").map((line) => `> ${line}`.trimEnd());
    const before = field.value.slice(0, field.selectionStart);
    const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    field.setRangeText(`${gap}${[head, ...lines].join("\n")}\n\n`, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.scrollTop = field.scrollHeight;
  };

  const whole = (message) => message.querySelector(".said")?.innerText.trim() ?? "";

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-quote]");
    if (!button) return;
    const message = button.closest(".msg");
    quote(button, selected(message) || whole(message));
  });

  // The button's press would take the selection away before it is read.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.("[data-quote]")) event.preventDefault();
  });

  document.addEventListener("tuntas:command", (event) => {
    if (event.detail !== "quote") return;
    const messages = [...document.querySelectorAll("#thread .msg:has([data-quote])")];
    const chosen = messages.find(selected);
    const message = chosen ?? messages.findLast((each) => each.querySelector("[data-quote-kind=customer]"));
    if (!message) return;
    quote(message.querySelector("[data-quote]"), (chosen && selected(chosen)) || whole(message));
  });
})();
