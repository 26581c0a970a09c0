// A reply that has just been sent can be taken back for some seconds: here they are counted. When
// they are over, the author's page asks the server to send it; if no page is left, its timer does.
(() => {
  const until = new Map(); // by the reply's id, on this browser's clock
  const asked = new Set();
  const token = () => document.querySelector('meta[name="csrf-token"]')?.content;
  let offset = 0; // server's clock minus ours
  const setServerTime = (iso) => {
    const server = Date.parse(iso ?? "");
    if (!Number.isNaN(server)) offset = server - Date.now();
  };
  setServerTime(document.querySelector('meta[name="server-time"]')?.content);
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    setServerTime(xhr?.getResponseHeader("X-Server-Time"));
  });

  const redraw = () => {
    const detail = { events: [], moved: true, reset: false, notices: false };
    document.dispatchEvent(new CustomEvent("tuntas:live", { detail }));
  };

  const send = async (node, id) => {
    if (asked.has(id) || !node.dataset.sendNow) return;
    asked.add(id);
    const headers = { "X-CSRFToken": token(), "X-Quiet": "1" };
    await fetch(node.dataset.sendNow, { method: "POST", headers, keepalive: true }).catch(() => {});
    redraw();
  };

  const tick = () => {
    for (const node of document.querySelectorAll("[data-leaves]")) {
      const id = node.dataset.leaves;
      if (!until.has(id)) until.set(id, Date.parse(node.dataset.leavesAt) - offset);
      const left = Math.ceil((until.get(id) - Date.now()) / 1000);
      for (const place of node.querySelectorAll("[data-seconds]")) {
        const text = left > 0 ? String(left) : "";
        if (place.textContent !== text) place.textContent = text;
      }
      if (left > 0) continue;
      void send(node, id);
      if (node.matches(".toast")) node.remove();
    }
  };
  setInterval(tick, 250);
  tick();

  const leave = (id) => document.querySelector(`.toast[data-leaves="${CSS.escape(id)}"]`)?.remove();
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("[data-undo]");
    const node = form?.closest("[data-leaves]");
    if (node && event.detail.successful) leave(node.dataset.leaves);
  });
  // Taken back from the bubble: its toast says nothing true any more, nor one whose reply has left.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.("[data-undo]");
    if (form) leave(form.closest("[data-leaves]")?.dataset.leaves ?? "");
  });
})();
