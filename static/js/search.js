// The search box: arrows lead into the results and back.
(() => {
  const box = () => document.querySelector('#list input[type="search"]');
  const rows = () => [...document.querySelectorAll("#rows a.row")];

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const here = event.target;
    const all = rows();
    let to;
    if (here === box()) to = event.key === "ArrowDown" ? all[0] : undefined;
    else {
      const at = all.indexOf(here);
      if (at < 0) return;
      to = event.key === "ArrowDown" ? all[at + 1] : all[at - 1] ?? box();
    }
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  });
})();
