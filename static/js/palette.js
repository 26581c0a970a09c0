// The command palette: what may be done here and now (the page's own controls, locked ones with what
// is missing), pages, views, people, macros and tickets. It opens at once from what is on the page;
// the rest is fetched after that. Enter presses the control, so a command works in one way only.
(() => {
  const dialog = document.getElementById("palette");
  if (!dialog?.showModal) return;
  const ask = document.getElementById("palette-ask");
  const list = document.getElementById("palette-list");
  const said = document.getElementById("palette-said");
  const model = document.getElementById("palette-commands");
  const words = model.dataset;
  const { rank, plain } = window.tuntasFuzzy;
  const user = document.getElementById("live")?.dataset.user ?? "";
  const USED = `palette-used-${user}`;
  const OPENED = `palette-opened-${user}`;
  const MOST = 60;

  const kept = (store, key) => {
    try {
      return JSON.parse(store.getItem(key)) ?? [];
    } catch {
      return [];
    }
  };
  const keep = (store, key, value) => {
    try {
      store.setItem(key, JSON.stringify(value));
    } catch {
      // storage refused: nothing is remembered
    }
  };

  // What was opened in this tab, newest first.
  const remember = () => {
    const here = document.querySelector("[data-number][data-ticket]");
    const label = document.getElementById("subject")?.textContent;
    if (!here || !label) return;
    const entry = { number: here.dataset.number, label, url: here.dataset.url };
    const others = kept(sessionStorage, OPENED).filter((each) => each.number !== entry.number);
    keep(sessionStorage, OPENED, [entry, ...others].slice(0, 12));
  };
  remember();
  document.addEventListener("htmx:afterSettle", (event) => event.target.id === "pane" && remember());

  let items = [];
  let moved = false;
  let more = { people: [], macros: [], views: [], tickets: [] };

  const entry = (id) => model.content.querySelector(`[data-id="${CSS.escape(id)}"]`);
  const itemOf = (known, extra) => ({
    id: known.dataset.id,
    label: known.textContent,
    words: known.dataset.words,
    icon: known.dataset.icon,
    key: known.dataset.key ?? "",
    ...extra,
  });

  const controls = () => {
    const found = new Map();
    for (const node of document.querySelectorAll("[data-command]")) {
      const known = entry(node.dataset.command);
      if (!known || known.dataset.href || node.disabled || node.closest("dialog")) continue;
      if (found.has(node.dataset.command)) continue;
      const missing = node.matches(".off") ? (node.querySelector("small")?.textContent ?? "–") : "";
      const label = node.dataset.label ?? known.textContent;
      found.set(known.dataset.id, itemOf(known, { group: "here", node, missing, label }));
    }
    // What concerns the open ticket or page first, the rail and the list after it.
    const far = (item) => Boolean(item.node.closest(".rail, .list"));
    return [...found.values()].sort((a, b) => far(a) - far(b));
  };
  const pages = () =>
    [...model.content.querySelectorAll("[data-href]")].map((known) =>
      itemOf(known, { group: "go", href: known.dataset.href })
    );
  // From the column of views where there is one, until all of them are known.
  const shownViews = () =>
    [...document.querySelectorAll("#views li > a")].map((link) => ({
      id: `view-${link.getAttribute("href")}`,
      label: link.querySelector(".clip").textContent,
      icon: "filter",
      group: "views",
      href: link.getAttribute("href"),
      words: "tampilan view antrian queue",
    }));
  const views = () => (more.views.length ? more.views : shownViews());
  const opened = () => {
    const here = document.querySelector("[data-number][data-ticket]")?.dataset.number;
    const all = [...kept(sessionStorage, OPENED), ...more.tickets].filter((each) => each.number !== here);
    const once = new Map(all.reverse().map((each) => [each.number, each]));
    return [...once.values()].reverse().map((each) => ({
      id: `ticket-${each.number}`,
      label: each.label,
      note: each.note ? `${each.number}, ${each.note}` : each.number,
      words: `${each.number} ${each.label} ${each.note ?? ""}`,
      icon: "inbox",
      group: "tickets",
      href: each.url,
    }));
  };

  const gather = () => {
    const all = [...controls(), ...pages(), ...views(), ...more.people, ...more.macros, ...opened()];
    items = all.map((each) => ({ ...each, plain: plain(`${each.label} ${each.words ?? ""}`), name: plain(each.label) }));
  };

  const looksLikeNumber = (text) => /^(tun-?)?[0-9a-z]{4}-?[0-9a-z]{4}$/i.test(text) || /^inv[/\d-]/i.test(text);
  const finding = (text) => {
    if (!text) return [];
    const isNumber = looksLikeNumber(text);
    const label = (isNumber ? words.number : words.words).replace("{q}", `“${text}”`);
    const href = `${dialog.dataset.search}?q=${encodeURIComponent(text)}`;
    return [{ id: "find", label, icon: "search", group: "find", href, first: isNumber }];
  };

  const chosen = () => list.querySelector('[aria-selected="true"]');
  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) return ask.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    ask.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "i");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${dialog.dataset.icons}#${name}`);
    svg.append(use);
    return svg;
  };
  const part = (name, text, css) => {
    const node = document.createElement(name);
    node.textContent = text;
    if (css) node.className = css;
    return node;
  };
  const caps = (key) => {
    const all = part("span", "", "kbds");
    all.ariaHidden = "true";
    const names = { ctrl: "Ctrl", shift: "Shift", enter: "Enter" };
    for (const cap of key.split(/[ ]|(?<=.)\+(?=.)/)) all.append(part("kbd", names[cap] ?? cap.toUpperCase()));
    return all;
  };
  const option = (item, place) => {
    const node = document.createElement("div");
    node.className = "opt";
    node.role = "option";
    node.id = `palette-option-${place}`;
    node.ariaSelected = "false";
    node.item = item;
    node.append(icon(item.missing ? "lock" : item.icon), part("span", item.label, "clip"));
    if (item.missing) node.ariaDisabled = "true";
    const note = item.missing || item.note;
    if (note) node.append(part("span", note, "faint small push"));
    if (item.key) node.append(caps(item.key));
    return node;
  };

  const draw = () => {
    const text = ask.value.trim();
    const used = kept(localStorage, USED);
    const fitting = rank(items, text, used).slice(0, MOST);
    const found = finding(text);
    const all = found[0]?.first ? [...found, ...fitting] : [...fitting, ...found];
    const groups = new Map();
    for (const item of all) {
      if (!groups.has(item.group)) groups.set(item.group, []);
      groups.get(item.group).push(item);
    }
    let place = 0;
    const drawn = [...groups].map(([name, rows]) => {
      const group = document.createElement("div");
      group.role = "group";
      const head = part("b", words[name]);
      head.id = `palette-group-${name}`;
      head.role = "presentation";
      group.setAttribute("aria-labelledby", head.id);
      group.append(head, ...rows.map((item) => option(item, place++)));
      return group;
    });
    list.replaceChildren(...drawn);
    choose(list.querySelector(".opt"));
    list.scrollTop = 0;
    const n = fitting.length;
    said.textContent = [said.dataset.none, said.dataset.one][n] ?? said.dataset.many.replace("{n}", n);
  };

  const run = (item) => {
    if (!item) return;
    if (item.missing) {
      said.textContent = `${said.dataset.locked} ${item.label}, ${item.missing}`;
      return;
    }
    if (item.id !== "find" && item.group !== "tickets") {
      const others = kept(localStorage, USED).filter((id) => id !== item.id);
      keep(localStorage, USED, [item.id, ...others].slice(0, 8));
    }
    dialog.close();
    if (item.href) location.assign(item.href);
    else if (item.act) item.act();
    else document.dispatchEvent(new CustomEvent("tuntas:press", { detail: item.node }));
  };

  // Once for each opening: views and tickets in hand, and what the open ticket offers beside its verbs.
  const fetchText = async (url) => {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    return answer.ok && !answer.headers.get("HX-Redirect") ? answer.text() : "";
  };
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  const viewsAndTickets = async () => {
    const found = JSON.parse((await fetchText(dialog.dataset.more)) || "{}");
    more.tickets = found.tickets ?? [];
    more.views = (found.views ?? []).map((each) => ({
      id: `view-${each.url}`,
      label: each.label,
      icon: each.icon,
      group: "views",
      href: each.url,
      words: "tampilan view antrian queue",
    }));
  };

  const people = async () => {
    const control = document.querySelector('a[data-command="assign"][data-dialog]');
    if (!control) return;
    const form = parsed(await fetchText(control.href));
    more.people = [...form.querySelectorAll('select[name="assignee"] option')]
      .filter((each) => each.value)
      .map((each) => ({
        id: `person-${each.value}`,
        label: each.textContent.trim(),
        words: entry("assign")?.dataset.words ?? "",
        icon: "user",
        group: "people",
        act: () => assignTo(control, each.value),
      }));
  };
  // Its dialog, filled in: the last press stays the officer's.
  const assignTo = (control, value) => {
    const box = document.getElementById(control.dataset.dialog);
    const fill = () => {
      const field = box?.querySelector('select[name="assignee"]');
      if (!field) return;
      document.removeEventListener("htmx:afterSettle", fill);
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      box.querySelector('button[type="submit"]')?.focus();
    };
    document.addEventListener("htmx:afterSettle", fill);
    control.click();
    fill();
  };

  const macros = async () => {
    const button = document.querySelector("[data-macros]");
    const place = document.querySelector("#macro-picker [data-macro-list]");
    if (!button || !place) return;
    const page = parsed(await fetchText(button.dataset.macros));
    more.macros = [...page.querySelectorAll("#macro-options > li")].map((each) => ({
      id: `macro-${each.dataset.macro}`,
      label: each.dataset.name,
      note: each.dataset.does,
      words: `makro macro ${each.querySelector("[data-text]")?.textContent ?? ""}`,
      icon: "bolt",
      group: "macros",
      act: () => {
        const picked = document.importNode(each, true);
        document.dispatchEvent(new CustomEvent("tuntas:macro", { detail: picked }));
      },
    }));
  };

  const open = () => {
    if (dialog.open) return dialog.close();
    ask.value = "";
    moved = false;
    more = { people: [], macros: [], views: more.views, tickets: more.tickets };
    gather();
    dialog.showModal();
    draw();
    ask.focus();
    for (const part of [viewsAndTickets, people, macros]) {
      part()
        .then(() => {
          if (!dialog.open) return;
          // What somebody has moved to stays chosen, else the best of what is known now is.
          const at = moved ? chosen()?.item?.id : "";
          gather();
          draw();
          const same = [...list.querySelectorAll(".opt")].find((each) => each.item.id === at);
          if (same) choose(same);
        })
        .catch(() => {});
    }
  };

  document.addEventListener("tuntas:command", ({ detail }) => detail === "palette" && open());
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-palette]")) open();
    const option = event.target.closest?.("#palette-list .opt");
    if (option) run(option.item);
  });
  ask.addEventListener("input", () => {
    moved = false;
    draw();
  });
  ask.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll(".opt")];
    const at = all.indexOf(chosen());
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, PageDown: Math.min(at + 8, all.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
    if (to !== undefined && all.length) {
      event.preventDefault();
      moved = true;
      choose(all[to % all.length]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      run(chosen()?.item);
    }
  });
})();
