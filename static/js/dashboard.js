// Keeps the dashboard live: asks for figures that are newer than those shown when a change is told
// (js/live.js) and every five seconds, or every second while nothing is told; an answer without news
// is an empty 304. Draws them into the page without moving the focus, rests while nobody sees the
// page, and says when the connection is lost.
(() => {
  const EVERY = 1000;
  const EVERY_WHEN_TOLD = 5000;
  const SHARED = 1100; // figures are shared for a second: those asked for now may be older than the news
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
    asked = Date.now();
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

  let asking = false;
  const next = async () => {
    clearTimeout(timer);
    if (document.hidden || asking) return;
    asking = true;
    try {
      await ask();
      wait = Math.max(EVERY, rest());
      show(true);
    } catch {
      wait = Math.min(SLOWEST, wait * 2);
      show(false);
    }
    asking = false;
    timer = setTimeout(next, wait);
  };

  let told = 0;
  const rest = () => {
    if (told) return (told = 0), SHARED;
    return document.documentElement.dataset.live === "live" ? EVERY_WHEN_TOLD : EVERY;
  };
  let asked = 0;
  document.addEventListener("tuntas:live", () => {
    told = 1;
    // A burst is drawn once a second.
    clearTimeout(timer);
    timer = setTimeout(next, Math.max(0, asked + EVERY - Date.now()));
  });

  document.addEventListener("visibilitychange", () => document.hidden || next());
  addEventListener("online", next);
  timer = setTimeout(next, EVERY);
})();
