/* ui.js — menus (popover placement), list selection, composer and drafts, polling, sending once, error focus. */
(() => {
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];

  /* Menus: native popover; this only places them next to their button and adds arrow keys. */
  document.addEventListener("toggle", e => {
    const m = e.target; if (!m.classList?.contains("menu") || e.newState !== "open") return;
    const b = $$(`[popovertarget="${m.id}"]`).find(x => x.offsetParent) ?? $(`[popovertarget="${m.id}"]`); if (!b) return;
    const r = b.getBoundingClientRect(), w = m.offsetWidth, h = m.offsetHeight;
    m.style.left = Math.max(8, Math.min(r.left, innerWidth - w - 8)) + "px";
    m.style.top = (r.bottom + h + 8 > innerHeight && r.top > h ? r.top - h - 4 : r.bottom + 4) + "px";
    $("a,button:not(:disabled),input", m)?.focus();
  }, true);
  document.addEventListener("keydown", e => {
    const m = e.target.closest?.(".menu,[role=toolbar],[role=tablist]"); if (!m || e.isComposing) return;
    const dir = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key]; if (!dir || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
    const it = $$("a[href],button:not(:disabled)", m), i = it.indexOf(document.activeElement); if (i < 0) return;
    e.preventDefault(); it[(i + dir + it.length) % it.length].focus();
  });

  /* List selection: checkboxes drive the bulk bar. Shift-click selects a range. */
  let last;
  const bulk = () => { const bar = $("[data-bulk]"); if (!bar) return; const n = $$("[data-list] tbody [name=sel]:checked").length, all = $$("[data-list] tbody [name=sel]"), h = $("[data-check-all]");
    bar.hidden = !n; const c = $("[data-bulk-n]"); if (c) c.textContent = n; if (h) { h.checked = n > 0 && n === all.length; h.indeterminate = n > 0 && n < all.length; } };
  document.addEventListener("click", e => {
    const c = e.target.closest("[data-list] [name=sel]");
    if (c) { const all = $$("[data-list] [name=sel]"); if (e.shiftKey && last && all.includes(last)) { const [a, b] = [all.indexOf(last), all.indexOf(c)].sort((x, y) => x - y); all.slice(a, b + 1).forEach(x => { x.checked = c.checked; }); } last = c; bulk(); }
    else if (e.target.matches("[data-check-all]")) { $$("[data-list] [name=sel]").forEach(x => { x.checked = e.target.checked; }); bulk(); }
    else if (e.target.closest("[data-clear-sel]")) { $$("[data-list] [name=sel]:checked").forEach(x => { x.checked = false; }); bulk(); }
    else if (e.target.closest("[data-close]")) e.target.closest("dialog")?.close();
    else if (e.target.closest("[data-print]")) print();
  });
  document.addEventListener("change", e => e.target.name === "sel" && bulk());
  bulk();

  /* Composer: public reply / internal note, and drafts kept in this browser, for this person, until the server
     accepts the text. The composer is never inside a swapped region, so a colleague's update cannot delete a draft. */
  const slot = n => `draft:${document.body.dataset.person || ""}:${n}`;
  const store = { get: n => { try { return localStorage.getItem(slot(n)) || ""; } catch { return ""; } },
    put: (n, v) => { try { v ? localStorage.setItem(slot(n), v) : localStorage.removeItem(slot(n)); } catch {} } };
  const flag = t => { const s = $("[data-draft-state]", t.form ?? document); if (s) s.hidden = !t.value; };
  document.addEventListener("click", e => { const b = e.target.closest("[data-mode-set]"); if (!b) return; const f = b.closest(".composer"), mode = b.dataset.modeSet;
    f.dataset.mode = mode; $$("[data-mode-set]", f).forEach(x => x.setAttribute("aria-selected", String(x === b)));
    const i = $("[name=visibility]", f); if (i) i.value = mode; const ta = $("textarea", f); ta.placeholder = ta.dataset[mode] || ""; ta.focus(); });
  document.addEventListener("input", e => { const t = e.target.closest("[data-draft]"); if (!t) return; clearTimeout(t._d); t._d = setTimeout(() => { store.put(t.dataset.draft, t.value); flag(t); }, 400); });
  addEventListener("pagehide", () => $$("[data-draft]").forEach(t => t._d && store.put(t.dataset.draft, t.value)));
  $$("[data-draft]").forEach(t => { t.value ||= store.get(t.dataset.draft); flag(t); });
  $$(".composer").forEach(f => { const ta = $("textarea", f); if (ta && !ta.value && f.closest(".dock")) f.dataset.collapsed = ""; });
  const openComposer = e => { const f = e.target.closest?.(".composer"); if (f && (e.type === "click" || e.target.tagName === "TEXTAREA")) delete f.dataset.collapsed; };
  document.addEventListener("focusin", openComposer); document.addEventListener("click", openComposer);
  document.addEventListener("draft-saved", e => { const k = e.detail.value; /* HX-Trigger: {"draft-saved": {"value": "INC-000123"}} after a successful post */
    $$("[data-draft]").filter(t => t.dataset.draft === k).forEach(t => { clearTimeout(t._d); t._d = 0; t.value = ""; flag(t); const f = t.closest(".dock .composer"); if (f) { f.dataset.collapsed = ""; $("[type=file]", f)?.dispatchEvent(new Event("files-clear", { bubbles: true })); document.activeElement?.blur(); } });
    store.put(k, ""); });
  document.addEventListener("keydown", e => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && !e.isComposing && e.keyCode !== 229) e.target.form?.requestSubmit(); });

  /* A form is sent once: <form data-once>. Coming back to the page opens it again. */
  document.addEventListener("submit", e => { const f = e.target; if (!f.matches("[data-once]")) return; if (f._sent) { e.preventDefault(); e.stopImmediatePropagation(); return; } f._sent = true; }, true);
  addEventListener("pageshow", () => $$("[data-once]").forEach(f => { f._sent = false; }));
  document.addEventListener("htmx:afterRequest", e => { const f = e.target.closest?.("[data-once]"); if (f) f._sent = false; });

  /* Polling without eval: <div id="x" data-poll="30" hx-trigger="refresh">. Skips hidden tabs, selections and text in progress. */
  const seen = new Map();
  setInterval(() => { if (document.hidden) return; const now = Date.now(); $$("[data-poll]").forEach(n => { const t = seen.get(n.id) ?? seen.set(n.id, now).get(n.id);
    if (now - t < 1000 * n.dataset.poll || $("[name=sel]:checked", n) || n.contains(document.activeElement) && /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return; seen.set(n.id, now); n.dispatchEvent(new Event("refresh")); }); }, 1000);

  /* The line at the top moves while something loads that the reader asked for. */
  let loading = 0; const line = $(".loadline"), load = d => { loading = Math.max(0, loading + d); line?.classList.toggle("is-on", loading > 0); };
  document.addEventListener("htmx:beforeSend", e => e.target.matches?.("[data-poll]") || load(1));
  document.addEventListener("htmx:afterRequest", e => e.target.matches?.("[data-poll]") || load(-1));

  /* Scripts that few pages need come when their element does: <meta name="script" data-for="[data-picker]" content="URL">. */
  const fetchScripts = () => $$("meta[name=script]").forEach(m => { if (!$(m.dataset.for)) return; const s = document.createElement("script"); s.src = m.content; m.replaceWith(s); });
  fetchScripts();

  /* Chart ⇄ table */
  document.addEventListener("click", e => { const b = e.target.closest("[data-swap-view]"); if (!b) return; const p = b.closest(".panel"), on = b.getAttribute("aria-pressed") !== "true"; b.setAttribute("aria-pressed", String(on)); $$("[data-view]", p).forEach(v => { v.hidden = (v.dataset.view === "table") !== on; }); });

  /* After a validation error, by page or by swap: move focus to the summary. */
  const errors = root => $(".error-box[tabindex]", root)?.focus({ preventScroll: root === document });
  document.addEventListener("htmx:afterSettle", e => { bulk(); fetchScripts(); errors(e.detail.elt ?? document.body); });
  errors(document);
})();
