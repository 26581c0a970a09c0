// Choosing several rows of the list: a click with Shift chooses all between, X chooses the row in
// focus, Shift X all up to it. What is chosen survives that rows are drawn anew. Without this
// script every row's box and the bar still work.
(() => {
  const bar = () => document.getElementById("bulk");
  const boxes = () => [...document.querySelectorAll("#rows .pick input")];
  const chosen = new Set();
  let last = "";

  const show = () => {
    const form = bar();
    if (!form) return;
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    const word = form.querySelector("[data-chosen]");
    word.textContent = `${ticked} ${word.dataset.chosen}`;
    const choosesAll = form.querySelector("[data-choose-all]");
    choosesAll.checked = ticked > 0 && ticked === all.length;
    choosesAll.indeterminate = ticked > 0 && ticked < all.length;
    form.querySelector("[data-needs-script]").hidden = false;
  };

  const set = (box, on) => {
    box.checked = on;
    if (on) chosen.add(box.value);
    else chosen.delete(box.value);
  };

  // From the box chosen before to this one, as this one is.
  const range = (to, on) => {
    const all = boxes();
    const from = all.findIndex((box) => box.value === last);
    const end = all.indexOf(to);
    const [first, final] = from < 0 ? [end, end] : [Math.min(from, end), Math.max(from, end)];
    for (const box of all.slice(first, final + 1)) set(box, on);
  };

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".pick input");
    if (!box) return;
    if (event.shiftKey) range(box, box.checked);
    else set(box, box.checked);
    last = box.value;
    show();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-choose-all]")) return;
    for (const box of boxes()) set(box, event.target.checked);
    show();
  });

  document.addEventListener("tuntas:command", ({ detail: command }) => {
    if (command !== "choose" && command !== "choose_to") return;
    const row =
      document.activeElement?.closest?.("#rows li") ??
      document.querySelector('#rows a[aria-current="true"]')?.closest("li");
    const box = row?.querySelector(".pick input");
    if (!box) return;
    if (command === "choose_to") range(box, true);
    else set(box, !box.checked);
    last = box.value;
    show();
  });

  const restore = () => {
    for (const box of boxes()) if (chosen.has(box.value)) box.checked = true;
    show();
  };
  // A browser that comes back to the page may have kept ticks of its own.
  addEventListener("pageshow", () => {
    for (const box of boxes()) if (box.checked) chosen.add(box.value);
    show();
  });
  document.addEventListener("htmx:afterSettle", restore);
})();
