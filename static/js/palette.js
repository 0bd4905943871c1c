/* palette.js — command palette (Ctrl/⌘ K). Local commands are the page's own [data-cmd] links and buttons; records come from the server:
   the input's hx-get fills #palette-remote with <a role="option" href> rows. Combobox + listbox pattern, focus stays in the input. */
(() => {
  const dlg = document.getElementById("palette"); if (!dlg) return;
  const input = dlg.querySelector("input"), local = document.getElementById("palette-local"), list = document.getElementById("palette-list");
  let cmds = [], cur = -1, n = 0;
  const opts = () => [...list.querySelectorAll('[role="option"]')];
  const mark = i => { const o = opts(); cur = o.length ? (i + o.length) % o.length : -1; o.forEach((x, j) => { x.id ||= "opt" + n++; x.setAttribute("aria-selected", String(j === cur)); }); input.setAttribute("aria-activedescendant", o[cur]?.id ?? ""); o[cur]?.scrollIntoView({ block: "nearest" }); };
  const fuzzy = (q, s) => { let i = 0; for (const c of s) if (c === q[i]) i++; return i === q.length; };
  const fill = () => { const q = input.value.trim().toLowerCase(); local.querySelectorAll('[role="option"]').forEach(x => x.remove());
    cmds.filter(c => !q || c.text.toLowerCase().includes(q) || q.length > 1 && fuzzy(q, c.text.toLowerCase())).slice(0, 9).forEach(c => { const d = document.createElement("div"); d.role = "option"; const ic = c.node.querySelector("svg")?.cloneNode(true); if (ic) d.append(ic); d.append(c.text);
      if (c.node.dataset.key) { const p = document.createElement("span"); p.className = "push"; c.node.dataset.key.split(" ").forEach(k => { const b = document.createElement("kbd"); b.className = "kbd"; b.textContent = k.toUpperCase(); p.append(b); }); d.append(p); }
      d.onclick = () => { dlg.close(); c.node.click(); }; local.append(d); }); settle(); };
  const none = dlg.querySelector(".palette__none"), remote = document.getElementById("palette-remote");
  const settle = () => { mark(0); if (none) none.hidden = !input.value.trim() || opts().length > 0; };
  const open = () => { cmds = [...document.querySelectorAll("[data-cmd]")].filter(x => !x.disabled && x.getAttribute("aria-disabled") !== "true").map(node => ({ node, text: (node.dataset.cmd || node.querySelector("span:not(.count):not(.sr)")?.textContent || node.textContent).replace(/\s+/g, " ").trim() }));
    cmds.sort((a, b) => !!b.node.closest("main,.bar") - !!a.node.closest("main,.bar")); if (dlg.open) return; input.value = ""; remote?.replaceChildren(); dlg.showModal(); input.focus(); fill(); };
  document.addEventListener("palette", open);
  document.addEventListener("click", e => { if (e.target.closest("[data-palette]")) open(); else if (e.target === dlg) dlg.close(); });
  input.addEventListener("input", fill);
  document.addEventListener("htmx:afterSettle", e => { if (dlg.open && remote?.contains(e.detail.elt)) settle(); });
  input.addEventListener("keydown", e => { if (e.isComposing || e.keyCode === 229) return;
    if (e.key === "ArrowDown") mark(cur + 1); else if (e.key === "ArrowUp") mark(cur - 1); else if (e.key === "Enter") opts()[cur]?.click(); else return; e.preventDefault(); });
})();
