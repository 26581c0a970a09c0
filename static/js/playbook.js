// The button of a playbook's open step says how many needed answers are missing while one types.
(() => {
  const answered = (place) =>
    [...place.querySelectorAll("input, select, textarea")].some((field) =>
      field.type === "radio" || field.type === "checkbox" ? field.checked : field.value.trim() !== ""
    );

  const tell = (form) => {
    const said = form.querySelector("[data-step-says]");
    if (!said) return;
    const missing = [...form.querySelectorAll("[data-needed]")].filter((place) => !answered(place)).length;
    const { one, many, all } = said.closest("button").dataset;
    said.textContent = missing === 0 ? all : missing === 1 ? one : many.replace("{n}", missing);
  };

  const telling = (event) => {
    const form = event.target.closest?.("[data-step-form]");
    if (form) tell(form);
  };
  document.addEventListener("input", telling);
  document.addEventListener("change", telling);
})();
