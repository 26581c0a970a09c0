// The theme follows the system until the reader chooses; loaded before the first paint.
(() => {
  const root = document.documentElement;
  const read = () => {
    try {
      return localStorage.getItem("tema");
    } catch {
      return null; // storage may be refused; the system's theme still works
    }
  };
  const saved = read();
  if (saved === "terang" || saved === "gelap") root.dataset.theme = saved;

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const chosen = root.dataset.theme;
    const dark = chosen ? chosen === "gelap" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "terang" : "gelap";
    try {
      localStorage.setItem("tema", root.dataset.theme);
    } catch {
      // chosen for this page only
    }
  });
})();
