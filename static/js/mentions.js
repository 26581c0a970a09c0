// Names while an @ is typed in an internal note: a list above the text, gone through with the
// arrows, taken with Enter or Tab, closed with Escape. Without this script the name is typed out.
(() => {
  const MOST = 8;
  let people = [];
  let known = "";
  let loading = null;
  let found = [];
  let active = 0;

  const area = () => document.getElementById("compose");
  const list = () => document.getElementById("mention-list");
  const noting = () => document.getElementById("mode-note")?.checked;

  // What stands between the @ and the caret, or null where none is being typed.
  const typed = (field) => {
    const before = field.value.slice(0, field.selectionStart);
    const match = before.match(/(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}.' -]{0,40})$/u);
    return match ? match[1].toLowerCase() : null;
  };

  // Once for a ticket; whoever types on meanwhile waits for the same answer.
  const load = (address) => {
    if (known !== address) {
      known = address;
      people = [];
      loading = fetch(address, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
        .then((said) => void (people = said.people))
        .catch(() => void (known = "")); // asked again with the next letter
    }
    return loading;
  };

  const close = () => {
    found = [];
    const box = list();
    if (!box) return;
    box.hidden = true;
    box.replaceChildren();
    area()?.removeAttribute("aria-activedescendant");
  };

  const show = () => {
    const box = list();
    box.replaceChildren(
      ...found.map((person, place) => {
        const option = document.createElement("li");
        option.id = `mention-${place}`;
        option.role = "option";
        option.ariaSelected = String(place === active);
        option.dataset.place = place;
        option.textContent = person.name;
        return option;
      })
    );
    box.hidden = !found.length;
    if (found.length) area().setAttribute("aria-activedescendant", `mention-${active}`);
    else area().removeAttribute("aria-activedescendant");
  };

  const look = async (field) => {
    const word = noting() && field.dataset.mentions ? typed(field) : null;
    if (word === null) return close();
    await load(field.dataset.mentions);
    if (typed(field) !== word) return; // typed on meanwhile
    const fits = (name) => name.startsWith(word) || name.split(" ").some((part) => part.startsWith(word));
    found = people.filter((person) => fits(person.name.toLowerCase())).slice(0, MOST);
    active = 0;
    show();
  };

  const take = (place) => {
    const field = area();
    const word = typed(field);
    if (word === null || !found[place]) return close();
    const end = field.selectionStart;
    field.setRangeText(`${found[place].name} `, end - word.length, end, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  document.addEventListener("input", (event) => {
    if (event.target === area()) look(event.target);
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.target !== area() || !found.length || event.ctrlKey || event.metaKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        active = (active + step + found.length) % found.length;
        show();
      } else if (event.key === "Enter" || event.key === "Tab") take(active);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true
  );
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.("#mention-list [data-place]");
    if (!option) return;
    event.preventDefault(); // the caret stays in the text
    take(Number(option.dataset.place));
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === area()) close();
  });
})();
