/* theme.js — theme and density. The server prints <html data-theme data-density> from the cookies, so there is no flash.
   Markup: data-pref="theme:dark" sets; data-pref-cycle="theme:auto,light,dark" cycles. "auto" removes the attribute. */
(() => {
  const root = document.documentElement, year = 31536000, zh = root.lang.startsWith("zh");
  const words = zh
    ? { auto: "跟随系统", light: "浅色", dark: "深色", standard: "标准", compact: "紧凑", comfy: "宽松" }
    : { auto: "as the system", light: "light", dark: "dark", standard: "standard", compact: "compact", comfy: "comfortable" };
  const get = k => root.dataset[k] || (k === "theme" ? "auto" : "standard");
  const put = (k, v) => {
    if (k === "theme" && v === "auto" || v === "standard") delete root.dataset[k]; else root.dataset[k] = v;
    document.cookie = `${k}=${v};path=/;max-age=${year};SameSite=Lax${location.protocol === "https:" ? ";Secure" : ""}`;
    sync();
    document.dispatchEvent(new CustomEvent("pref", { detail: { [k]: v } }));
  };
  const sync = () => document.querySelectorAll("[data-pref]").forEach(b => {
    const [k, v] = b.dataset.pref.split(":"); if (b.hasAttribute("aria-pressed")) b.setAttribute("aria-pressed", String(get(k) === v));
  });
  document.addEventListener("click", e => {
    const b = e.target.closest("[data-pref],[data-pref-cycle]"); if (!b) return;
    if (b.dataset.pref) return put(...b.dataset.pref.split(":"));
    const [k, list] = b.dataset.prefCycle.split(":"), opts = list.split(","), v = opts[(opts.indexOf(get(k)) + 1) % opts.length];
    put(k, v);
    const name = b.getAttribute("aria-label") || b.textContent.trim();
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: zh ? `${name}：${words[v] || v}` : `${name}: ${words[v] || v}`, ms: 1800 } }));
  });
  document.addEventListener("htmx:afterSettle", sync);
  sync();
})();
