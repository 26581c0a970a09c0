// A field that takes a key as it is pressed: the letters appear as the list of commands writes them.
// Tab and Escape go on as ever, so that nobody is caught in it; two letters may come in turn.
(() => {
  const PAIR_TIME = 1200;
  let last = 0;
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.("[data-press-key]") || event.isComposing || event.altKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    const letter = /^[a-z]$/.test(key);
    if (key === "enter" ? !event.ctrlKey : key.length !== 1 || key === " ") return;
    event.preventDefault();
    event.stopPropagation();
    let written = key;
    if (event.ctrlKey) written = `ctrl+${key}`;
    else if (letter && event.shiftKey) written = `shift+${key}`;
    const follows = /^[a-z]$/.test(field.value) && letter && written === key && Date.now() - last < PAIR_TIME;
    field.value = follows ? `${field.value} ${key}` : written;
    last = Date.now();
  }, true);
  document.querySelector("[data-press-key]")?.focus();
})();
