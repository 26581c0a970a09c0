// The macro picker of the composer: opened by its button, by M, or by '/' where a line of the text
// begins. What is typed narrows the list, the arrows choose, Enter takes.
(() => {
  const picker = () => document.getElementById("macro-picker");
  const text = () => document.getElementById("compose");
  const options = () => [...document.querySelectorAll("#macro-options > li:not([hidden])")];
  const search = () => document.getElementById("macro-search");
  let selection = [0, 0];

  const tell = (name) => document.dispatchEvent(new CustomEvent(name));

  const choose = (option) => {
    for (const each of document.querySelectorAll("#macro-options > li")) {
      each.ariaSelected = String(each === option);
    }
    if (option) {
      search().setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else search().removeAttribute("aria-activedescendant");
  };

  const narrow = () => {
    const words = search().value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const each of document.querySelectorAll("#macro-options > li")) {
      const said = each.textContent.toLocaleLowerCase();
      each.hidden = !words.every((word) => said.includes(word));
    }
    const found = options();
    const count = document.querySelector("[data-macro-count]");
    const { none, one, many } = count.dataset;
    count.textContent = [none, one][found.length] ?? many.replace("{n}", found.length);
    choose(found[0]);
  };

  const open = async (button) => {
    const field = text();
    if (field) selection = [field.selectionStart, field.selectionEnd];
    // Open at once, so that what is typed next goes nowhere else.
    const dialog = picker();
    const list = dialog.querySelector("[data-macro-list]");
    list.replaceChildren();
    dialog.setAttribute("aria-busy", "true");
    dialog.showModal();
    const answer = await fetch(button.dataset.macros, { headers: { "HX-Request": "true" } }).catch(() => null);
    const away = answer?.headers.get("HX-Redirect");
    if (away) return void location.assign(away);
    const html = answer?.ok ? await answer.text().catch(() => "") : "";
    dialog.removeAttribute("aria-busy");
    if (!html) {
      dialog.close();
      tell("tuntas:refused");
      return tell("htmx:sendError");
    }
    list.innerHTML = html;
    if (dialog.open) search().focus();
    narrow();
    tell("tuntas:ready");
  };

  const take = (option) => {
    const field = text();
    const form = field.form;
    const said = option.querySelector("[data-text]").textContent;
    picker().close();
    const mode = form.querySelector(`[name=mode][value="${option.dataset.kind}"]`);
    if (mode && !mode.checked) mode.click();
    field.setRangeText(said, selection[0], selection[1], "end");
    const used = form.querySelector("[data-macro-used]");
    const hidden = used.querySelector("[name=macro]");
    // A kind that this person may not send leaves only its words.
    const whole = mode?.checked ?? false;
    hidden.disabled = !whole;
    hidden.value = option.dataset.macro;
    hidden.dataset.kind = option.dataset.kind;
    used.querySelector("[data-macro-name]").textContent = option.dataset.name;
    used.querySelector("[data-macro-does]").textContent = option.dataset.does;
    used.hidden = !whole;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    const place = field.value.search(/\{[a-z_]+\}/);
    if (place >= 0) field.setSelectionRange(place, field.value.indexOf("}", place) + 1);
  };

  document.addEventListener("tuntas:macro", ({ detail: option }) => {
    const field = text();
    selection = [field.selectionStart, field.selectionEnd];
    take(option);
  });

  const drop = (form) => {
    const used = form.querySelector("[data-macro-used]");
    if (!used) return;
    used.hidden = true;
    used.querySelector("[name=macro]").disabled = true;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-macros]");
    if (button) return void open(button);
    const option = event.target.closest("#macro-options > li");
    if (option) return take(option);
    const off = event.target.closest("[data-macro-drop]");
    if (off) {
      drop(off.form);
      text().focus();
    }
  });

  document.addEventListener("change", (event) => {
    const { target } = event;
    if (target.name !== "mode" || !target.form?.matches(".composer")) return;
    const hidden = target.form.querySelector("[name=macro]:not([disabled])");
    // The other kind of message: the macro's steps no longer go with it.
    if (hidden && hidden.dataset.kind !== target.value) drop(target.form);
  });

  document.addEventListener("input", (event) => {
    if (event.target === search()) narrow();
  });

  document.addEventListener("keydown", (event) => {
    if (event.target === text() && event.key === "/" && !event.ctrlKey && !event.metaKey) {
      const before = text().value.slice(0, text().selectionStart);
      const button = document.querySelector("[data-macros]");
      if (button && !before.trim()) {
        event.preventDefault();
        void open(button);
      }
      return;
    }
    if (!search() || event.target !== search()) return;
    const found = options();
    const at = found.findIndex((each) => each.ariaSelected === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      choose(found[(next + found.length) % found.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (found[at]) take(found[at]);
    }
  });
})();
