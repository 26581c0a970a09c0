// What every htmx request carries, and what is said when one fails.
(() => {
  const token = () => document.querySelector('meta[name="csrf-token"]')?.content;

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get" && token()) event.detail.headers["X-CSRFToken"] = token();
  });

  // Refusals come as fragments with their own status: show them where the answer would go.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { status } = event.detail.xhr;
    const fragment = event.detail.xhr.getResponseHeader("X-Fragment") === "1";
    if (fragment && [400, 403, 409, 413, 422, 429, 503].includes(status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // A form that is checked as one types: an answer to what stood there before takes nothing back.
  const typed = (form) => new URLSearchParams(new FormData(form)).toString();
  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (target.matches("form[data-checked]")) target.checkedAs = typed(target);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.target;
    if (form.matches("form[data-checked]") && form.checkedAs !== typed(form)) event.detail.shouldSwap = false;
  });

  const words = () => document.getElementById("request-words")?.dataset ?? {};
  const say = (text, error) => {
    const region = document.getElementById("toasts");
    const model = document.getElementById(error ? "toast-error" : "toast-done");
    if (!region || !model || !text) return;
    const toast = model.content.firstElementChild.cloneNode(true);
    toast.querySelector("[data-text]").textContent = text;
    region.append(toast);
    if (!error) setTimeout(() => toast.remove(), 8000);
  };
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".toast, .notice")?.remove();
  });
  document.addEventListener("tuntas:say", (event) => say(event.detail.text, event.detail.error));

  document.addEventListener("htmx:sendError", () => say(words().offline, true));
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    say({ 403: words().forbidden, 409: words().conflict }[status] ?? words().failed, true);
  });

  const passing = () => {
    for (const toast of document.querySelectorAll("#toasts > [data-passing]:not([data-leaving])")) {
      toast.dataset.leaving = "1";
      setTimeout(() => toast.remove(), 8000);
    }
  };
  passing();
  document.addEventListener("htmx:afterSettle", passing);

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
