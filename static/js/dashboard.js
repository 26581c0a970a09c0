// Keeps the dashboard live: asks every second for figures that are newer than those shown (an
// answer without news is an empty 304), draws them into the page without moving the focus, rests
// while nobody sees the page, and says when the connection is lost.
(() => {
  const EVERY = 1000;
  const SLOWEST = 15000;
  const box = document.getElementById("figures");
  const mark = document.querySelector("[data-live-mark]");
  if (!box?.dataset.live) return;

  let wait = EVERY;
  let timer = 0;

  const show = (connected) => {
    mark.classList.toggle("is-cut", !connected);
    mark.querySelector("[data-when-live]").hidden = !connected;
    mark.querySelector("[data-when-cut]").hidden = connected;
  };

  const draw = async (response) => {
    const html = await response.text();
    window.Idiomorph.morph(box, html, { morphStyle: "innerHTML" });
    box.dataset.version = response.headers.get("ETag") ?? "";
    document.dispatchEvent(new CustomEvent("tuntas:drawn"));
  };

  const ask = async () => {
    const response = await fetch(box.dataset.live, {
      cache: "no-store",
      headers: { "If-None-Match": box.dataset.version ?? "", "HX-Request": "true", "HX-Current-URL": location.href },
    });
    const elsewhere = response.headers.get("HX-Redirect");
    if (elsewhere) location.assign(elsewhere);
    else if (response.status === 200) await draw(response);
    else if (response.status !== 304) throw new Error(String(response.status));
    const beat = response.headers.get("X-Engine-Beat");
    const shown = document.getElementById("beat");
    if (beat && shown) shown.dataset.since = beat;
    document.dispatchEvent(
      new CustomEvent("tuntas:server-time", { detail: response.headers.get("X-Server-Time") })
    );
  };

  const next = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      await ask();
      wait = EVERY;
      show(true);
    } catch {
      wait = Math.min(SLOWEST, wait * 2);
      show(false);
    }
    timer = setTimeout(next, wait);
  };

  document.addEventListener("visibilitychange", () => document.hidden || next());
  addEventListener("online", next);
  timer = setTimeout(next, EVERY);
})();
