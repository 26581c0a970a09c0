// Live updates: one stream for all tabs of a browser, resumed by event id, and plain requests every
// few seconds while there is none. Tells the page by `tuntas:live` what happened (ids alone); what
// is redrawn is the business of live-draw.js and dashboard.js. Only tabs that are looked at take
// part: a tab that comes back to the front asks for what it missed.
(() => {
  const chip = document.getElementById("live");
  if (!chip) return;
  const { events: address, recent, user, cut, slow, back, out } = chip.dataset;
  const SAY_AFTER = 3000;
  const POLL_EVERY = 5000;
  const SILENT = 40000; // a heartbeat comes every 15 seconds
  const SLOWEST = 30000;
  const RECENT = 200;

  const drawnAt = document.querySelector('meta[name="server-time"]')?.content ?? "";
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`tuntas-live-${user}`) : null;
  const seen = new Set();
  const kept = []; // the leader's last messages, for a tab that opens a moment later
  let since = null;
  let state = "";
  let wasLive = false;
  let saying = 0;

  // --- what is said -----------------------------------------------------------------------------
  const write = (text) => {
    clearTimeout(saying);
    if (chip.textContent !== text) chip.textContent = text;
  };
  const WORDS = { cut: () => cut, polling: () => (wasLive ? slow : ""), out: () => out, live: () => "" };
  const become = (next) => {
    if (next === state) return;
    const broken = chip.textContent !== "";
    state = next;
    document.documentElement.dataset.live = next;
    if (leading) send({ kind: "state", state });
    clearTimeout(saying);
    if (next === "live") {
      wasLive = true;
      write(broken ? back : "");
      saying = setTimeout(() => write(""), SAY_AFTER);
    } else if (next === "out") write(out);
    else saying = setTimeout(() => write(WORDS[next]()), SAY_AFTER);
  };

  // --- what is told -----------------------------------------------------------------------------
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const send = (message) => channel?.postMessage(message);

  const receive = (data, id, shared = false) => {
    if (Number.isSafeInteger(id)) since = data.reset ? id : Math.max(since ?? 0, id);
    const events = (data.events ?? []).filter(([event]) => !seen.has(event));
    for (const [event] of events) seen.add(event);
    if (seen.size > 5000) for (const event of [...seen].slice(0, 2500)) seen.delete(event);
    if (!shared) {
      kept.push({ at: Date.now(), data, id });
      if (kept.length > RECENT) kept.shift();
      send({ kind: "news", data, id });
    }
    const { reset, moved, notices } = data;
    if (events.length || reset || moved || notices) tell("tuntas:live", { events, reset, moved, notices });
  };

  // --- the stream, in the tab that leads --------------------------------------------------------
  let leading = false;
  let source = null;
  let flowing = false; // the stream has spoken, and was not lost since
  let failures = 0;
  const timers = { open: 0, poll: 0, watch: 0 };

  const alive = () => {
    clearTimeout(timers.watch);
    timers.watch = setTimeout(down, SILENT);
  };

  const open = () => {
    clearTimeout(timers.open);
    if (!leading || source) return;
    const place = since === null ? `at=${encodeURIComponent(drawnAt)}` : `since=${since}`;
    source = new EventSource(`${address}?${place}`);
    source.onmessage = (event) => {
      failures = 0;
      flowing = true;
      clearTimeout(timers.poll);
      alive();
      receive(JSON.parse(event.data), Number(event.lastEventId));
      become("live");
    };
    source.addEventListener("beat", (event) => {
      alive();
      since = Math.max(since ?? 0, Number(event.lastEventId));
    });
    source.addEventListener("presence", (event) => {
      alive();
      const detail = JSON.parse(event.data);
      send({ kind: "presence", detail });
      tell("tuntas:presence", detail);
    });
    source.onerror = () => down();
    alive();
  };

  const down = () => {
    close();
    if (!leading || state === "out") return;
    failures += 1;
    // After a restart of the server not everybody comes back in the same instant.
    const pause = Math.min(SLOWEST, 500 * 2 ** failures) * (0.5 + Math.random());
    timers.open = setTimeout(open, pause);
    poll();
  };

  const close = () => {
    source?.close();
    source = null;
    flowing = false;
    for (const timer of Object.values(timers)) clearTimeout(timer);
  };

  const poll = async () => {
    clearTimeout(timers.poll);
    if (!leading || state === "out") return;
    try {
      const query = since === null ? "" : `?since=${since}`;
      const response = await fetch(recent + query, {
        cache: "no-store",
        headers: { "HX-Request": "true", "HX-Current-URL": location.href },
      });
      if (response.headers.has("HX-Redirect") || response.status === 403) return leave("out");
      if (response.status !== 200) throw new Error(String(response.status));
      const data = await response.json();
      if (!leading || flowing) return;
      receive(data, data.id);
      become("polling");
    } catch {
      if (leading && !flowing) become("cut");
    }
    if (leading && !flowing) timers.poll = setTimeout(poll, POLL_EVERY);
  };

  // --- who leads --------------------------------------------------------------------------------
  let giveUp = null;
  const lead = () =>
    new Promise((done) => {
      giveUp = () => {
        leading = false;
        close();
        done();
      };
      leading = true;
      failures = 0;
      state = "";
      open();
    });

  const join = () => {
    if (giveUp || state === "out") return;
    if (!navigator.locks || !channel) {
      lead();
      return;
    }
    const waiting = new AbortController();
    giveUp = () => waiting.abort();
    navigator.locks.request(`tuntas-live-${user}`, { signal: waiting.signal }, lead).catch(() => {});
    send({ kind: "hello", since });
  };

  const leave = (next = "") => {
    giveUp?.();
    giveUp = null;
    if (next) become(next);
  };

  channel?.addEventListener("message", ({ data: message }) => {
    if (message.kind === "news" && !leading) receive(message.data, message.id, true);
    else if (message.kind === "presence") tell("tuntas:presence", message.detail);
    else if (message.kind === "state" && !leading) become(message.state);
    else if (message.kind === "hello" && leading) {
      send({ kind: "state", state });
      // A tab that waited longer than what is kept asks by itself.
      const known = message.since === null || message.since >= (kept[0]?.id ?? Infinity);
      if (known) for (const { data, id } of kept) send({ kind: "news", data, id });
      else send({ kind: "news", data: { reset: true }, id: since });
    }
  });

  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : join()));
  addEventListener("pagehide", () => leave());
  addEventListener("pageshow", (event) => event.persisted && join());
  addEventListener("online", () => {
    failures = 0;
    if (leading && !flowing) open();
  });
  addEventListener("offline", () => leading && down());
  if (!document.hidden) join();
})();
