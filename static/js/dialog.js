/* dialog.js — dialogs load into the one <dialog id="dlg">: <a href="…" hx-get="…" hx-target="#dlg">.
   A form inside answers 422 with itself (swapped), or succeeds: HX-Redirect, HX-Refresh, or HX-Trigger: {"dialog-close": {}}.
   data-close closes (ui.js). Text that was typed is not lost to a click beside the dialog. */
(() => {
  const dlg = document.getElementById("dlg"); if (!dlg) return;
  const typed = () => [...dlg.querySelectorAll("textarea,input:not([type=hidden],[type=checkbox],[type=radio])")].some(f => f.value !== f.defaultValue);
  document.addEventListener("htmx:afterSwap", e => {
    if (e.detail.target !== dlg) return;
    if (!dlg.innerHTML.trim()) return dlg.close();
    const h = dlg.querySelector("h2[id]"); if (h) dlg.setAttribute("aria-labelledby", h.id);
    if (!dlg.open) dlg.showModal();
    const first = dlg.querySelector(".error-box") ?? dlg.querySelector("[autofocus]") ?? dlg.querySelector(".dialog__body :is(input:not([type=hidden]),select,textarea)") ?? h;
    first?.focus();
  });
  dlg.addEventListener("close", () => { dlg.replaceChildren(...dlg.querySelectorAll("#toasts")); dlg.removeAttribute("aria-labelledby"); });
  dlg.addEventListener("mousedown", e => { dlg._out = e.target === dlg; });
  dlg.addEventListener("click", e => { if (e.target === dlg && dlg._out && !typed()) dlg.close(); });
  document.addEventListener("dialog-close", () => dlg.open && dlg.close());
})();
