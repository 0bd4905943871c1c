/* toast.js — short messages in #toasts (role=status). Sources:
   1. server header  HX-Trigger: {"toast": {"text": "INC-000123 resolved", "tone": "ok", "undo": "/…/undo/"}}
   2. document.dispatchEvent(new CustomEvent("toast", {detail: {...}}))
   3. Django messages that the page was rendered with
   4. answers that are not swapped: 409 shows its reasons ([data-refusal] of the page), others a sentence
   Errors (tone=danger) stay until closed; others leave after 6 s, paused while hovered or focused. */
(() => {
  const box = document.getElementById("toasts"); if (!box) return;
  const zh = document.documentElement.lang.startsWith("zh");
  const el = (tag, cls, text) => { const n = document.createElement(tag); n.className = cls; if (text) n.textContent = text; return n; };
  const live = (t, ms = 6000) => {
    const x = el("button", "btn btn--quiet btn--sm btn--icon", "×"); x.type = "button"; x.setAttribute("aria-label", box.dataset.dismiss || "Dismiss"); x.onclick = () => t.remove(); t.append(x);
    if (t.dataset.tone === "danger") return t.setAttribute("role", "alert");
    let id = setTimeout(() => t.remove(), ms);
    for (const [on, off] of [["mouseenter", "mouseleave"], ["focusin", "focusout"]]) { t.addEventListener(on, () => clearTimeout(id)); t.addEventListener(off, () => { clearTimeout(id); id = setTimeout(() => t.remove(), 2500); }); }
  };
  const show = ({ text, tone = "info", undo, ms }) => {
    if (!text) return;
    const t = el("div", "toast"); t.dataset.tone = tone; t.append(el("span", "", text));
    if (undo) { const b = el("button", "btn btn--sm", box.dataset.undo || "Undo"); b.type = "button"; b.onclick = () => { window.htmx?.ajax("POST", undo, { swap: "none", source: document.body }); t.remove(); }; t.append(b); }
    /* a modal dialog lies above everything: show inside it what must be seen now */
    (document.querySelector("dialog:modal")?.appendChild(box)) ?? (box.parentNode === document.body || document.body.append(box));
    box.append(t); live(t, ms); while (box.children.length > 3) box.firstChild.remove();
  };
  document.addEventListener("close", e => e.target.contains?.(box) && document.body.append(box), true);
  document.addEventListener("toast", e => show(e.detail));
  [...box.children].forEach(t => live(t, 8000));

  const said = { 403: ["You do not have access to this step.", "您没有执行此操作的权限。"], 404: ["This is no longer here.", "该内容已不存在。"],
    409: ["This step is not possible now.", "当前无法执行此操作。"], 413: ["The file is too large.", "文件过大。"], 429: ["Too many requests. Wait a moment.", "请求过于频繁，请稍候。"],
    503: ["The desk does not answer just now. Your text is still here.", "服务台暂时没有响应。您的文字仍在本页。"] };
  const failed = st => (said[st] ?? [`The server could not do this (${st}). Your text is still here.`, `服务器未能完成此操作（${st}）。您的文字仍在本页。`])[zh ? 1 : 0];
  document.addEventListener("htmx:responseError", e => { const x = e.detail.xhr; if (/"toast"/.test(x.getResponseHeader("HX-Trigger") || "")) return;
    const why = x.status === 409 && [...new DOMParser().parseFromString(x.responseText, "text/html").querySelectorAll("[data-refusal]")].map(n => n.textContent.trim()).join(" ");
    show({ text: why || failed(x.status), tone: x.status === 409 ? "warn" : "danger", ms: 10000 }); });
  const lost = () => show({ text: zh ? "未保存：连接中断。您的文字仍在本页。" : "Not saved: connection lost. Your text is still here.", tone: "danger" });
  document.addEventListener("htmx:sendError", e => e.target.closest?.("[data-poll]") || lost());
})();
