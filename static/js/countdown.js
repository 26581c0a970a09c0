// Live countdowns. A timer part carries data-start and data-due (ISO instants) and, where the
// clock was paused, data-paused-ms. The page's <template id="timer-words"> holds the words, so
// that the server's and this script's sentences stay the same (helpdesk/common/durations.py).
(() => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  const LIVE_SECONDS = 5 * MINUTE;
  const LEVELS = ["is-50", "is-80", "is-late"];
  const ICONS = { "": "clock", "is-50": "t50", "is-80": "t80", "is-late": "late" };

  let offset = 0; // server's clock minus ours
  const setServerTime = (iso) => {
    const server = Date.parse(iso ?? "");
    if (!Number.isNaN(server)) offset = server - Date.now();
  };
  setServerTime(document.querySelector('meta[name="server-time"]')?.content);
  const now = () => Date.now() + offset;

  const words = document.getElementById("timer-words")?.dataset ?? {};
  const pad = (number) => String(number).padStart(2, "0");
  const fill = (pattern, text) => (pattern ?? "%s").replace("%s", text);

  const duration = (ms) => {
    const total = Math.max(0, ms);
    const days = Math.floor(total / DAY);
    const hours = Math.floor((total % DAY) / HOUR);
    const minutes = Math.floor((total % HOUR) / MINUTE);
    const seconds = Math.floor((total % MINUTE) / SECOND);
    if (days) {
      const unit = days === 1 ? words.day : words.days;
      return `${days} ${unit}` + (hours ? ` ${hours} ${words.hour}` : "");
    }
    if (hours) return `${hours} ${words.hour}` + (minutes ? ` ${pad(minutes)} ${words.minute}` : "");
    if (total >= LIVE_SECONDS) return `${minutes} ${words.minute}`;
    if (minutes) return `${minutes} ${words.minute} ${pad(seconds)} ${words.second}`;
    return `${seconds} ${words.second}`;
  };

  const levelOf = (used, left) => {
    if (left < 0) return "is-late";
    if (used >= 0.8) return "is-80";
    return used >= 0.5 ? "is-50" : "";
  };

  const setText = (node, text) => {
    if (node && node.textContent !== text) node.textContent = text;
  };

  const drawTimer = (timer, instant) => {
    const due = Date.parse(timer.dataset.due);
    const start = Date.parse(timer.dataset.start);
    if (Number.isNaN(due)) return;
    const left = due - instant;
    const paused = Number(timer.dataset.pausedMs ?? 0);
    const whole = due - start - paused;
    const used = whole > 0 ? Math.min(1, Math.max(0, (whole - left) / whole)) : 0;
    const level = levelOf(used, left);
    const text = left < 0 ? fill(words.late, duration(-left)) : fill(words.left, duration(left));
    setText(timer.querySelector("[data-remaining]"), text);
    if (timer.dataset.level !== level) {
      timer.dataset.level = level;
      timer.classList.remove(...LEVELS);
      if (level) timer.classList.add(level);
      const use = timer.querySelector("svg use");
      const href = use?.getAttribute("href");
      if (href) use.setAttribute("href", `${href.split("#")[0]}#${ICONS[level]}`);
    }
    const bar = timer.querySelector("progress");
    if (bar) {
      bar.value = left < 0 ? 100 : Math.round(used * 100);
      bar.setAttribute("aria-label", `${timer.dataset.label ?? ""}: ${text}`);
    }
  };

  const drawPlain = (node, instant) => {
    const left = Date.parse(node.dataset.countdown) - instant;
    if (Number.isNaN(left)) return;
    const pattern = left < 0 ? words.late : words.left;
    setText(node, fill(pattern, duration(Math.abs(left))));
    node.classList.toggle("late", left < 0);
  };

  const drawSince = (node, instant) => {
    const since = Date.parse(node.dataset.since);
    if (!Number.isNaN(since)) setText(node, fill(node.dataset.ago, duration(instant - since)));
  };

  const draw = () => {
    const instant = now();
    for (const timer of document.querySelectorAll("[data-timer]")) drawTimer(timer, instant);
    for (const node of document.querySelectorAll("[data-countdown]")) drawPlain(node, instant);
    for (const node of document.querySelectorAll("[data-since]")) drawSince(node, instant);
  };

  // The text only changes when a minute (or, in the last five, a second) has passed, so drawing
  // each second costs a comparison and moves nothing.
  draw();
  setInterval(draw, SECOND);
  document.addEventListener("htmx:afterSettle", draw);
  document.addEventListener("tuntas:drawn", draw);
  document.addEventListener("tuntas:server-time", (event) => setServerTime(event.detail));
  document.addEventListener("visibilitychange", () => document.hidden || draw());
  document.addEventListener("htmx:afterRequest", (event) => {
    const header = event.detail.xhr?.getResponseHeader("X-Server-Time");
    if (header) setServerTime(header);
  });
})();
