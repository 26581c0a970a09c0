// The list beside the ticket: which row is open, fresh rows on request, and where the focus goes.
(() => {
  const pane = () => document.getElementById("pane");

  // A click with Ctrl, Shift or the middle button opens a tab, as with every link.
  document.addEventListener(
    "click",
    (event) => {
      if ((event.ctrlKey || event.metaKey || event.shiftKey) && event.target.closest("a[hx-get]")) {
        event.stopPropagation();
      }
    },
    true
  );

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-refresh-rows]")) return;
    document.getElementById("list-news").replaceChildren();
    window.htmx.trigger(document.body, "refresh-rows");
  });

  const markOpen = () => {
    const number = pane()?.querySelector("[data-number]")?.dataset.number ?? "";
    const current = document.getElementById("current");
    if (current) current.value = number;
    for (const row of document.querySelectorAll("#rows a.row")) {
      if (row.dataset.number === number) {
        row.setAttribute("aria-current", "true");
        row.classList.remove("unread");
      } else row.removeAttribute("aria-current");
    }
  };

  const toEnd = () => {
    const thread = document.getElementById("thread");
    if (thread) thread.scrollTop = thread.scrollHeight;
  };
  toEnd();
  document.querySelector('#rows a[aria-current="true"]')?.scrollIntoView({ block: "nearest" });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "pane" && event.detail.target?.id !== "pane") return;
    markOpen();
    toEnd();
    const list = document.getElementById("list");
    if (list?.matches(":popover-open")) list.hidePopover();
    // What had the focus was replaced: go on from the ticket's heading, not from the page's top. So it
    // is after a message was sent: the next key is a command again and lands in no text.
    const { requestConfig, xhr } = event.detail;
    const sent = requestConfig?.elt?.matches?.(".composer") && xhr?.status < 400;
    if (sent || document.activeElement === document.body) document.getElementById("subject")?.focus();
  });
})();
