/* upload.js — files dropped on or pasted into a form that has a file field: <form> <input type="file" multiple data-upload> <ul data-files></ul>.
   data-max="25" (MB) refuses larger ones here, before they travel; the server decides in any case. Works without: the field is a field. */
(() => {
  const zh = document.documentElement.lang.startsWith("zh"), field = n => n?.closest?.("form")?.querySelector("input[type=file][data-upload]");
  const size = b => b < 1024 ? `${b} B` : b < 1048576 ? `${Math.round(b / 1024)} KB` : `${(b / 1048576).toFixed(1)} MB`;
  const put = (f, files) => { const d = new DataTransfer(); files.forEach(x => d.items.add(x)); f.files = d.files; list(f); };
  const add = (f, more) => { const max = (f.dataset.max || 25) * 1048576, fits = more.filter(x => x.size <= max), big = more.filter(x => x.size > max);
    if (big.length) document.dispatchEvent(new CustomEvent("toast", { detail: { tone: "danger", text: zh ? `文件过大（上限 ${f.dataset.max || 25} MB）：${big.map(x => x.name).join("、")}` : `Too large (limit ${f.dataset.max || 25} MB): ${big.map(x => x.name).join(", ")}` } }));
    put(f, f.multiple ? [...f.files, ...fits] : fits.slice(0, 1)); };
  const list = f => { const ul = f.form?.querySelector("[data-files]"); if (!ul) return; ul.replaceChildren(...[...f.files].map((x, i) => {
    const li = document.createElement("li"), s = document.createElement("small"), b = document.createElement("button"); li.className = "file"; s.textContent = size(x.size);
    b.type = "button"; b.textContent = "×"; b.className = "btn btn--quiet btn--sm btn--icon"; b.setAttribute("aria-label", `${zh ? "移除" : "Remove"} ${x.name}`); b.onclick = () => put(f, [...f.files].filter((_, j) => j !== i));
    li.append(x.name, s, b); return li; })); };
  const carries = e => [...(e.dataTransfer?.types || [])].includes("Files");
  document.addEventListener("dragover", e => { const f = field(e.target); if (f && carries(e)) { e.preventDefault(); f.form.dataset.dropping = ""; } });
  document.addEventListener("dragleave", e => { const f = field(e.target); if (f && !f.form.contains(e.relatedTarget)) delete f.form.dataset.dropping; });
  document.addEventListener("drop", e => { const f = field(e.target); if (!f || !carries(e)) return; e.preventDefault(); delete f.form.dataset.dropping; add(f, [...e.dataTransfer.files]); });
  document.addEventListener("paste", e => { const f = field(e.target), files = [...(e.clipboardData?.files || [])]; if (f && files.length) { e.preventDefault(); add(f, files); } });
  document.addEventListener("change", e => { if (e.target.matches?.("[data-upload]")) { const f = e.target, chosen = [...f.files]; put(f, []); add(f, chosen); } });
  document.addEventListener("files-clear", e => put(e.target, []));
})();
