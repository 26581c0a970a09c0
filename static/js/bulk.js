// Choosing several rows of the list: a click with Shift chooses all between, X chooses the row in
// focus, Shift X all up to it. What is chosen survives that rows are drawn anew, leave the page or
// make room for others, and a reload of the same list. Without this script every row's box, the box
// 'all that match' and the bar still work.
(() => {
  const bar = () => document.getElementById("bulk");
  const boxes = () => [...document.querySelectorAll("#rows .pick input")];
  let last = "";

  // Kept for this list alone: another view begins with nothing chosen.
  const place = () => {
    const parts = [...document.querySelectorAll("#bulk-place input")];
    return `chosen ${parts.map((part) => `${part.name}=${part.value}`).join("&")}`;
  };
  const read = () => {
    try {
      return new Set(JSON.parse(sessionStorage.getItem(place()) ?? "[]"));
    } catch {
      return new Set();
    }
  };
  let here = place();
  let chosen = read();
  const keep = () => {
    try {
      if (chosen.size) sessionStorage.setItem(place(), JSON.stringify([...chosen]));
      else sessionStorage.removeItem(place());
    } catch {
      // Then they are kept until the page is left.
    }
  };

  const matching = () => bar()?.querySelector("[data-choose-matching]");

  const show = () => {
    const form = bar();
    if (!form) return;
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    const word = form.querySelector("[data-chosen]");
    const text = `${chosen.size} ${word.dataset.chosen}`;
    if (word.textContent !== text) word.textContent = text;
    const choosesAll = form.querySelector("[data-choose-all]");
    choosesAll.checked = ticked > 0 && ticked === all.length;
    choosesAll.indeterminate = ticked > 0 && ticked < all.length;
    for (const part of form.querySelectorAll("[data-needs-script]")) part.hidden = false;
    form.classList.toggle("has-chosen", chosen.size > 0 || matching().checked);
    keep();
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
    if (event.target.closest?.("[data-choose-none]")) {
      chosen.clear();
      for (const box of boxes()) box.checked = false;
      matching().checked = false;
      show();
      document.querySelector("#rows .pick input")?.focus();
      return;
    }
    const box = event.target.closest?.(".pick input");
    if (!box) return;
    if (event.shiftKey) range(box, box.checked);
    else set(box, box.checked);
    last = box.value;
    show();
  });

  const countMatching = () => {
    const words = document.getElementById("bulk-matching");
    if (words && !words.dataset.counted) {
      words.dataset.counted = "1";
      window.htmx.trigger(words, "count-matching");
    }
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-choose-all]")) {
      for (const box of boxes()) set(box, event.target.checked);
      if (event.target.checked) countMatching();
      show();
    } else if (event.target.matches?.("[data-choose-matching]")) {
      countMatching();
      show();
    }
  });

  // Those that no row shows any more go along; 'all that match' needs none of them.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id !== "bulk") return;
    for (const old of form.querySelectorAll("[data-unseen]")) old.remove();
    if (matching().checked) {
      for (const box of boxes()) box.checked = false;
    } else {
      const shown = new Set(boxes().map((box) => box.value));
      for (const number of chosen) {
        if (shown.has(number)) continue;
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name: "numbers", value: number });
        input.dataset.unseen = "";
        form.append(input);
      }
    }
    try {
      sessionStorage.removeItem(place());
    } catch {
      // Nothing was kept.
    }
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
    if (here !== place()) {
      here = place();
      chosen = read();
      if (matching()) matching().checked = false;
    }
    for (const box of boxes()) if (chosen.has(box.value)) box.checked = true;
    show();
  };
  // A browser that comes back to the page may have kept ticks of its own.
  addEventListener("pageshow", () => {
    for (const box of boxes()) if (box.checked) chosen.add(box.value);
    restore();
  });
  document.addEventListener("htmx:afterSettle", restore);
})();
