// Files beside a form: chosen by the picker, dropped on the form or pasted into its text. Each is
// shown with its picture or sign, name and size, and can be removed again; what it truly is, the
// server decides. A form takes dropped and pasted files when its file input is marked data-drop.
(() => {
  const previews = new WeakMap();

  const readable = (bytes) => {
    const lang = document.documentElement.lang;
    const format = (n) => n.toLocaleString(lang, { maximumFractionDigits: 1 });
    if (bytes < 1000) return `${bytes} B`;
    if (bytes < 1000 * 1000) return `${Math.round(bytes / 1000)} kB`;
    return `${format(bytes / 1000 / 1000)} MB`;
  };

  const listOf = (input) => document.getElementById(`${input.id}_chosen`);
  const shown = (list) => [...list.querySelectorAll("li:not([data-kept])")];

  const picture = (file) => {
    if (!previews.has(file)) previews.set(file, URL.createObjectURL(file));
    const image = document.createElement("img");
    image.src = previews.get(file);
    image.alt = "";
    // No picture after all: its sign stays, and the server says what is wrong.
    image.addEventListener("error", () => image.remove());
    return image;
  };

  const show = (input) => {
    const list = listOf(input);
    if (!list) return;
    const row = list.querySelector("template").content.firstElementChild;
    for (const item of shown(list)) item.remove();
    for (const file of input.files) {
      const item = row.cloneNode(true);
      for (const node of item.querySelectorAll("[data-name]")) node.textContent = file.name;
      item.querySelector("[data-size]").textContent = readable(file.size);
      if (/^image\/(png|jpeg|gif|webp)$/.test(file.type)) item.querySelector("[data-thumb]").prepend(picture(file));
      list.append(item);
    }
  };

  const give = (input, files) => {
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    input.files = all.files;
    show(input);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const add = (input, files) => give(input, [...input.files, ...files]);

  // A picker forgets what it held; what was dropped or chosen before stays.
  const before = new WeakMap();
  document.addEventListener("click", ({ target }) => {
    if (target.matches?.("input[type=file][data-drop]")) before.set(target, [...target.files]);
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.matches?.("input[type=file]")) return;
    const held = before.get(target) ?? [];
    before.delete(target);
    if (held.length && target.files.length) give(target, [...held, ...target.files]);
    else show(target);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-file-drop]");
    if (!button) return;
    const item = button.closest("li");
    const list = item.parentElement;
    const input = document.getElementById(list.id.replace(/_chosen$/, ""));
    const place = shown(list).indexOf(item);
    if (item.matches("[data-kept]")) item.remove();
    else give(input, [...input.files].filter((_file, at) => at !== place));
    input.focus();
  });

  const inputIn = (node) => node?.closest?.("form")?.querySelector("input[type=file][data-drop]");
  const holdsFiles = (transfer) => [...(transfer?.types ?? [])].includes("Files");

  const mark = (form) => {
    for (const each of document.querySelectorAll("form.dropping")) each.classList.toggle("dropping", each === form);
    form?.classList.add("dropping");
  };
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    // Anywhere else the browser would leave the page for the file.
    event.preventDefault();
    const input = inputIn(event.target);
    event.dataTransfer.dropEffect = input ? "copy" : "none";
    mark(input?.form);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || mark(null));
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    mark(null);
    const input = inputIn(event.target);
    if (input) add(input, event.dataTransfer.files);
  });

  const named = (file) => {
    if (file.name !== "image.png") return file;
    const at = new Date().toTimeString().slice(0, 8).replaceAll(":", "");
    return new File([file], `tangkapan-layar-${at}.png`, { type: file.type });
  };
  document.addEventListener("paste", (event) => {
    const input = inputIn(event.target);
    const files = [...(event.clipboardData?.files ?? [])];
    if (!input || !files.length) return;
    event.preventDefault();
    add(input, files.map(named));
  });
})();
