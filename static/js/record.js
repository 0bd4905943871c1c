/* record.js — a record's page: says while somebody writes (#presence-writing), lets Esc and Cancel restore a fact that was
   being edited in its place, shows a refused step (409) inside its dialog with the text kept, asks for presence at once. */
(() => {
  const $ = s => document.querySelector(s);
  let quiet;
  document.addEventListener("input", e => { if (!e.target.closest?.(".composer")) return; const f = $("#presence-writing"); if (!f) return;
    f.value = e.target.closest(".composer").querySelector("textarea").value.trim() ? "1" : ""; clearTimeout(quiet); quiet = setTimeout(() => { f.value = ""; }, 60000); });
  document.addEventListener("draft-saved", () => { const f = $("#presence-writing"); if (f) f.value = ""; });
  setTimeout(() => $("#presence")?.dispatchEvent(new Event("refresh")), 300);

  /* The value that stood there before is kept beside the form, so that nothing must be asked to restore it. */
  const before = new WeakMap();
  document.addEventListener("htmx:beforeSwap", e => { const t = e.detail.target, x = e.detail.xhr;
    if (t?.tagName === "DD" && !t.querySelector("[data-inline-edit]")) before.set(t, t.innerHTML);
    if (x.status === 409 && (t?.id === "dlg" || t?.tagName === "DD")) { e.detail.shouldSwap = true; e.detail.isError = false; } });
  const restore = f => { const dd = f?.closest("dd"); if (!dd || !before.has(dd)) return false; dd.innerHTML = before.get(dd); window.htmx?.process(dd); dd.querySelector("a")?.focus(); return true; };
  document.addEventListener("keydown", e => { if (e.key === "Escape" && !e.isComposing && restore(e.target.closest?.("[data-inline-edit]"))) { e.preventDefault(); e.stopPropagation(); } });
  document.addEventListener("click", e => { if (restore(e.target.closest?.("[data-edit-cancel]")?.closest("[data-inline-edit]"))) e.preventDefault();
    const why = e.target.closest?.("[data-toast]"); if (why) document.dispatchEvent(new CustomEvent("toast", { detail: { text: why.dataset.toast, tone: "warn" } })); });
  document.addEventListener("htmx:afterSettle", e => e.detail.elt?.querySelector?.("[data-inline-edit] :is(input:not([type=hidden]),select,textarea)")?.focus());
})();
