// Tells who else is at the open ticket, and tells them of us: looking, writing a reply, writing a note.
// Said every eight seconds and whenever it changes; nobody counts as present who was silent for 18.
(() => {
  const EVERY = 8000;
  const WRITING = 6000; // after the last key

  let url = "";
  let wrote = 0;
  let said = "";
  let timer = 0;
  let pause = 0;

  const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const place = () => document.getElementById("presence");

  const doing = () => {
    if (Date.now() - wrote > WRITING) return "viewing";
    return document.getElementById("mode-reply")?.checked ? "replying" : "noting";
  };

  const show = (html) => {
    const region = place();
    // The same words are not said twice.
    if (region && region.innerHTML.trim() !== html.trim()) region.innerHTML = html;
  };

  const beat = async () => {
    clearTimeout(timer);
    if (document.hidden || !place()) return;
    timer = setTimeout(beat, EVERY);
    const asked = (url = place().dataset.url);
    said = doing();
    try {
      const response = await fetch(asked, {
        method: "POST",
        headers: { "X-CSRFToken": token(), "HX-Request": "true", "HX-Current-URL": location.href },
        body: new URLSearchParams({ doing: said }),
      });
      if (asked === place()?.dataset.url) show(response.status === 200 ? await response.text() : "");
    } catch {
      if (asked === place()?.dataset.url) show(""); // nobody is known; the next one tells
    }
  };

  const leave = () => {
    clearTimeout(timer);
    if (!url) return;
    navigator.sendBeacon(url, new URLSearchParams({ doing: "gone", csrfmiddlewaretoken: token() }));
    url = "";
  };

  document.addEventListener("input", (event) => {
    if (event.target.id !== "compose") return;
    wrote = event.target.value.trim() ? Date.now() : 0;
    if (said !== doing()) beat();
    clearTimeout(pause);
    pause = setTimeout(() => said !== doing() && beat(), WRITING + 100);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "pane" && event.target.id !== "pane") return;
    wrote = 0;
    if (url && place()?.dataset.url !== url) leave();
    beat();
  });
  document.addEventListener("tuntas:presence", ({ detail }) => {
    if (document.querySelector("#pane .conv")?.dataset.ticket === String(detail.ticket)) beat();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : beat()));
  addEventListener("pagehide", leave);
  beat();
})();
