/* knowledge.js — the article editor keeps unsaved text in this browser until the server has it, and gives it back;
   on a ticket, an article's link or text goes into the reply that is being written. */
(() => {
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
  document.addEventListener("text-insert", e => { const t = $(e.detail.into || "#msg"); if (!t) return;
    t.value = t.value.trim() ? `${t.value.trimEnd()}\n\n${e.detail.value}` : e.detail.value;
    t.dispatchEvent(new Event("input", { bubbles: true })); t.focus(); });

  const form = $("[data-editor]"); if (!form) return;
  const key = `unsaved:${document.body.dataset.person || ""}:${form.dataset.editor}`, version = form.dataset.version;
  const fields = () => $$("input[name^=title_],textarea", form), state = $("[data-unsaved-state]"), box = $("[data-unsaved]");
  const read = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const write = v => { try { v ? localStorage.setItem(key, JSON.stringify(v)) : localStorage.removeItem(key); } catch {} };
  const values = () => Object.fromEntries(fields().map(f => [f.name, f.value]));
  const kept = read(), failed = !!$(".error-box,.banner[role=alert]");
  if (kept && (kept.version !== version && kept.sent || kept.sent && version === "0" && !failed)) write(null);
  else if (kept && fields().some(f => f.name in kept.text && kept.text[f.name] !== f.value)) box.hidden = false;
  const put = sent => { write({ version, sent, text: values() }); if (state) state.hidden = false; };
  let timer; form.addEventListener("input", e => { if (!fields().includes(e.target)) return; clearTimeout(timer); timer = setTimeout(() => { timer = 0; put(false); }, 400); });
  addEventListener("pagehide", () => timer && put(false));
  form.addEventListener("submit", () => { clearTimeout(timer); timer = 0; put(true); });
  document.addEventListener("click", e => {
    if (e.target.closest("[data-unsaved-take]")) { const t = read()?.text || {}; fields().forEach(f => { if (f.name in t) f.value = t[f.name]; }); box.hidden = true; fields()[0].focus(); }
    else if (e.target.closest("[data-unsaved-drop]")) { write(null); box.hidden = true; } });
})();
