/* time.js — relative times and SLA countdowns, on the server's clock (meta[name=server-now]), never the PC's.
   <time datetime="ISO" data-rel>13:49</time>             → "5 min ago", absolute time kept as title
   <span data-countdown data-due="ISO">41 m left</span>   → ticks every 15 s
   <span data-due="ISO">4 h left</span>                   → counts business time: the server's text stays until it is due
   Crossing the due instant sets data-sla="breached" on the clock. No data-due (paused clocks): nothing ticks. */
(() => {
  const now0 = Date.parse(document.querySelector('meta[name="server-now"]')?.content ?? "") || Date.now(), skew = now0 - Date.now();
  const lang = document.documentElement.lang || "en", zh = lang.startsWith("zh");
  const rtf = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" });
  const rel = s => { const a = Math.abs(s); return a < 45 ? rtf.format(0, "second") : a < 2700 ? rtf.format(Math.round(s / 60), "minute") : a < 79200 ? rtf.format(Math.round(s / 3600), "hour") : rtf.format(Math.round(s / 86400), "day"); };
  const [D, H, M, S] = zh ? ["天", "小时", "分", "秒"] : ["d", "h", "m", "s"];
  /* the same words as duration_text in core/formats.py */
  const dur = s => { const t = Math.floor(Math.abs(s)), d = Math.floor(t / 86400), h = Math.floor(t % 86400 / 3600), m = Math.floor(t % 3600 / 60);
    return d ? `${d} ${D}` + (h ? ` ${h} ${H}` : "") : h ? `${h} ${H}` + (m ? ` ${String(m).padStart(2, "0")} ${M}` : "") : m ? `${m} ${M}` : `${t} ${S}`; };
  const left = s => s >= 0 ? (zh ? `剩 ${dur(s)}` : `${dur(s)} left`) : (zh ? `超时 ${dur(s)}` : `${dur(s)} over`);
  const tick = () => {
    const now = Date.now() + skew;
    document.querySelectorAll("time[data-rel]").forEach(t => { t.title ||= t.textContent.trim(); t.textContent = rel((Date.parse(t.dateTime) - now) / 1000); });
    document.querySelectorAll("[data-due]").forEach(c => {
      const s = (Date.parse(c.dataset.due) - now) / 1000, clock = c.closest("[data-sla]");
      if (Number.isNaN(s)) return;
      if (c.hasAttribute("data-countdown")) c.textContent = left(s);
      else if (s < 0 && clock && clock.dataset.sla !== "breached") c.textContent = zh ? "已超时" : "over";
      if (s < 0) clock?.setAttribute("data-sla", "breached");
    });
  };
  tick(); setInterval(() => document.hidden || tick(), 15000);
  for (const ev of ["htmx:afterSettle", "visibilitychange"]) document.addEventListener(ev, tick);
})();
