/* keys.js — a shortcut is an attribute on a visible control: data-key="r", "g c", "/" or "?".
   Pressing it clicks a button/link or focuses a field, so shortcuts cannot drift from the interface, and the help dialog lists itself.
   WCAG 2.1.4: one switch turns all single-key shortcuts off. IME-safe: nothing fires while composing. */
(() => {
  const $$ = s => [...document.querySelectorAll(s)], mac = /Mac|iP/.test(navigator.platform);
  const store = { get on() { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } }, set on(v) { try { localStorage.setItem("keys", v ? "on" : "off"); } catch {} } };
  $$("[data-mod]").forEach(k => { if (mac) k.textContent = "⌘K"; });
  const visible = n => n.offsetParent !== null || getComputedStyle(n).position === "fixed";
  const label = n => (n.getAttribute("aria-label") || n.closest("label")?.textContent || n.querySelector("span:not(.sr)")?.textContent || n.textContent || n.placeholder || "").replace(/\s+/g, " ").replace(/\s[A-Z/?]$/, "").trim();
  const announce = () => $$("[data-key]").forEach(n => n.setAttribute("aria-keyshortcuts", n.dataset.key)); announce(); document.addEventListener("htmx:afterSettle", announce);
  let lead = "", timer;
  const typing = t => t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) && !/^(checkbox|radio|button)$/.test(t.type);

  const rows = () => $$("[data-list] .row-link").filter(visible);
  const move = d => { const r = rows(), i = r.indexOf(document.activeElement), n = r[Math.max(0, Math.min(r.length - 1, i < 0 ? (d > 0 ? 0 : r.length - 1) : i + d))]; n?.focus(); n?.scrollIntoView({ block: "nearest" }); };

  document.addEventListener("keydown", e => {
    if (e.isComposing || e.keyCode === 229) return;
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") { e.preventDefault(); document.dispatchEvent(new Event("palette")); return; }
    if (e.key === "Escape" && !document.querySelector("dialog[open],:popover-open")) { if (typing(e.target)) e.target.blur(); else document.querySelector("[data-clear-sel]")?.click(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || !store.on || typing(e.target) || document.querySelector("dialog[open]")) return;
    const k = e.key.length === 1 ? e.key.toLowerCase() : e.key, seq = lead ? lead + " " + k : k; clearTimeout(timer); lead = "";
    if (seq === "j" || k === "ArrowDown" && rows().includes(document.activeElement)) { if (rows().length) { e.preventDefault(); move(1); return; } }
    if (seq === "k" || k === "ArrowUp" && rows().includes(document.activeElement)) { if (rows().length) { e.preventDefault(); move(-1); return; } }
    if (seq === "x" && rows().includes(document.activeElement)) { e.preventDefault(); document.activeElement.closest("tr").querySelector("[name=sel]")?.click(); return; }
    const hit = $$(`[data-key="${CSS.escape(seq)}"]`).find(visible) || $$(`[data-key="${CSS.escape(seq)}"]`)[0];
    if (hit) { e.preventDefault(); if (/^(INPUT|TEXTAREA|SELECT)$/.test(hit.tagName)) { hit.focus(); hit.select?.(); } else hit.click(); return; }
    if (k === "g") { lead = "g"; timer = setTimeout(() => { lead = ""; }, 900); }
  });

  const dlg = document.getElementById("help"), zh = document.documentElement.lang.startsWith("zh");
  const fixed = zh ? [["Ctrl+K", "搜索或执行命令"], ["j k", "上/下一行"], ["x", "选择当前行"], ["Enter", "打开"], ["Ctrl+Enter", "发送 / 保存"], ["Esc", "取消、清除选择"]] : [["Ctrl+K", "Search or run a command"], ["j k", "Next / previous row"], ["x", "Select row"], ["Enter", "Open"], ["Ctrl+Enter", "Send / save"], ["Esc", "Cancel, clear selection"]];
  document.addEventListener("click", e => { if (!e.target.closest("[data-help]") || !dlg) return;
    const list = document.getElementById("keys-list"), seen = new Set(); list.replaceChildren();
    for (const [k, l] of [...fixed, ...$$("[data-key]").filter(n => !n.closest("[hidden]")).map(n => [n.dataset.key, label(n)])]) { if (seen.has(k)) continue; seen.add(k);
      const d = document.createElement("div"), dt = document.createElement("dt"), dd = document.createElement("dd"); dt.textContent = l;
      k.split(" ").forEach(x => { const b = document.createElement("kbd"); b.className = "kbd"; b.textContent = x.length === 1 ? x.toUpperCase() : x; dd.append(b); }); d.append(dt, dd); list.append(d); }
    const t = dlg.querySelector("[data-keys-toggle]"); t.checked = store.on; t.onchange = () => { store.on = t.checked; }; dlg.showModal(); });
})();
