// Redraws what an open page shows when `tuntas:live` tells of a change: rows of the queue, the open
// ticket, the count of notices. The page's own fragments are fetched and morphed into place, so that
// scroll, selection, focus, open dialogs and everything typed stay as they are.
(() => {
  const LIST_EVERY = 1000;
  const LIST_AT_LEAST_EVERY = 60000;
  const words = () => document.getElementById("live")?.dataset ?? {};

  // --- rows of the queue ------------------------------------------------------------------------
  let listAsked = 0;
  let listTimer = 0;
  const refreshList = () => {
    clearTimeout(listTimer);
    const wait = listAsked + LIST_EVERY - Date.now();
    if (wait > 0) {
      listTimer = setTimeout(refreshList, wait);
      return;
    }
    listAsked = Date.now();
    if (document.querySelector("#list-news[hx-get]")) window.htmx.trigger(document.body, "queue-changed");
    // Some views change by the hour alone.
    listTimer = setTimeout(() => document.hidden || refreshList(), LIST_AT_LEAST_EVERY);
  };

  // --- the count of notices ---------------------------------------------------------------------
  const refreshBadge = async () => {
    const badge = document.getElementById("notices-badge");
    if (!badge) return;
    const response = await fetch(badge.dataset.url, { cache: "no-store", headers: { "HX-Request": "true" } });
    if (response.status === 200) badge.innerHTML = await response.text();
  };
  const quietly = (work) => work().catch(() => {}); // the next news asks again

  // --- the open ticket --------------------------------------------------------------------------
  const ticket = () => document.querySelector("#pane .conv[data-ticket]");

  const differs = (field) => {
    if (field.type === "hidden" || field.type === "submit") return false;
    if (field.type === "file") return field.files.length > 0;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== (field.defaultValue ?? "");
  };
  // What somebody has begun stays as it is, and with it what they knew when they began.
  const begun = (form) => form.contains(document.activeElement) || [...form.elements].some(differs);
  const isKept = (node) =>
    node.nodeType === 1 &&
    (node.matches("dialog[open], #presence, [data-stay]") || (node.matches("form") && begun(node)));
  const holdsKept = (node) =>
    node.nodeType === 1 && (isKept(node) || [...node.querySelectorAll("form, dialog[open]")].some(isKept));
  const OWN = new Set(["data-kept", "data-sending"]);

  // What is kept stays the only one of its name, also where the new picture has another kind of element.
  const stands = (node) => Boolean(node.id) && isKept(document.getElementById(node.id) ?? {});
  const callbacks = {
    beforeNodeAdded: (node) => !(node.nodeType === 1 && stands(node)),
    beforeNodeMorphed: (old) => !isKept(old),
    beforeNodeRemoved: (old) => !holdsKept(old),
    beforeAttributeUpdated: (name, node) =>
      !OWN.has(name) && !(name === "open" && node.matches("details, dialog")),
    afterNodeAdded: (node) => {
      if (node.nodeType === 1 && node.matches(".msg, .event")) node.classList.add("just-in");
    },
  };

  // Whoever reads the end goes on reading the end, also when what stands around it grows.
  let atEnd = true;
  const thread = () => document.getElementById("thread");
  const hold = () => {
    if (atEnd && thread()) thread().scrollTop = thread().scrollHeight;
  };
  const resized = new ResizeObserver(hold);
  const watch = () => {
    atEnd = true;
    resized.disconnect();
    if (thread()) resized.observe(thread());
  };
  document.addEventListener(
    "scroll",
    ({ target }) => {
      if (target === thread()) atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 40;
    },
    true
  );
  watch();

  const draw = (fresh) => {
    const pane = document.getElementById("pane");
    const said = pane.querySelectorAll(".msg").length;
    window.Idiomorph.morph(pane, fresh, { morphStyle: "outerHTML", restoreFocus: true, callbacks });
    window.htmx.process(document.getElementById("pane"));
    hold();
    document.dispatchEvent(new CustomEvent("tuntas:drawn"));
    if (document.querySelectorAll("#pane .msg").length > said) {
      document.getElementById("live-said").textContent = words().message;
      setTimeout(() => document.getElementById("live-said").replaceChildren(), 4000);
    }
  };

  const acting = new Set(); // the reader's own requests about the ticket: their answers are newer
  let turn = 0;
  // It went to a team whose tickets the reader does not see. What was typed is kept on the device.
  const lost = (shown) => {
    if (shown.dataset.lost) return;
    shown.dataset.lost = "1";
    document.dispatchEvent(new CustomEvent("tuntas:say", { detail: { text: words().gone, error: true } }));
  };

  let fetching = false;
  let again = false;
  const refreshTicket = async () => {
    const shown = ticket();
    if (!shown) return;
    if (fetching || acting.size) {
      again = true;
      return;
    }
    fetching = true;
    const asked = turn;
    try {
      const response = await fetch(shown.dataset.url, {
        cache: "no-store",
        headers: { "HX-Request": "true", "HX-Target": "pane", "HX-Current-URL": location.href },
      });
      if (response.status === 404) lost(shown);
      const html = response.status === 200 ? await response.text() : "";
      const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("pane");
      // An answer of the reader's own that came meanwhile is newer than what was fetched here.
      if (asked !== turn) again = true;
      else if (fresh && ticket()?.dataset.ticket === shown.dataset.ticket) draw(fresh);
    } finally {
      fetching = false;
    }
    if (again) {
      again = false;
      await refreshTicket();
    }
  };

  const isAboutIt = (events) => {
    const shown = ticket();
    const newest = Number(shown?.dataset.event ?? 0);
    return events.some(([event, id]) => String(id) === shown?.dataset.ticket && event > newest);
  };

  const isPane = (event) => event.detail.target?.id === "pane";
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isPane(event)) return;
    acting.add(event.detail.xhr);
    turn += 1;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (acting.delete(event.detail.xhr)) setTimeout(catchUp, 50);
    if (event.detail.pathInfo?.requestPath === document.getElementById("notices-badge")?.dataset.read) {
      quietly(refreshBadge);
    }
  });

  document.addEventListener("htmx:afterSettle", (event) => isPane(event) && watch());

  // What was told while the reader's own request was under way, unless its answer shows it.
  let missed = [];
  const catchUp = () => {
    if (acting.size) return;
    if (again || isAboutIt(missed)) quietly(refreshTicket);
    again = false;
    missed = [];
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-look]");
    if (!button) return;
    const { look } = button.dataset;
    document.getElementById("crossing")?.replaceChildren();
    if (!document.getElementById(look)) await refreshTicket().catch(() => {});
    const message = document.getElementById(look);
    if (!message) return;
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    message.scrollIntoView({ block: "center" });
  });

  document.addEventListener("tuntas:live", ({ detail: { events, reset, moved, notices } }) => {
    if (events.length || reset || moved) refreshList();
    if (notices || reset) quietly(refreshBadge);
    if (acting.size) missed.push(...events);
    else if (reset || moved || isAboutIt(events)) quietly(refreshTicket);
  });
  listTimer = setTimeout(() => document.hidden || refreshList(), LIST_AT_LEAST_EVERY);
})();
