/* open.js — "Open now" in the side bar: the records this person looked at last, in this browser, as plain links.
   A record's page carries <… data-record="INC-000123" data-title="…">. An orange dot marks an unsent draft. Signing out forgets the list. */
(() => {
  const box = document.getElementById("open-now"), who = document.body.dataset.person; if (!box || !who) return;
  const key = "open:" + who, read = () => { try { return JSON.parse(localStorage.getItem(key)) || []; } catch { return []; } };
  const write = l => { try { localStorage.setItem(key, JSON.stringify(l)); } catch {} };
  const draft = n => { try { return !!localStorage.getItem(`draft:${who}:${n}`); } catch { return false; } };
  const here = document.querySelector("[data-record]")?.dataset;
  if (here) write([{ n: here.record, t: here.title || "", u: location.pathname }, ...read().filter(x => x.n !== here.record)].slice(0, 6));
  const show = () => { const list = read().filter(x => typeof x.u === "string" && x.u.startsWith("/") && !x.u.startsWith("//")); box.hidden = !list.length;
    box.querySelector("ul").replaceChildren(...list.map(x => { const li = document.createElement("li"), a = document.createElement("a"), dot = document.createElement("span"), s = document.createElement("span");
      a.href = x.u; if (x.n === here?.record) a.setAttribute("aria-current", "page"); dot.className = "dot"; dot.dataset.tone = ""; s.textContent = `${x.n} ${x.t}`; a.append(dot, s);
      if (draft(x.n)) { dot.dataset.tone = "warn"; dot.title = box.dataset.draft; const r = document.createElement("span"); r.className = "sr"; r.textContent = box.dataset.draft; a.append(r); }
      li.append(a); return li; })); };
  show();
  addEventListener("storage", e => (e.key === key || e.key?.startsWith("draft:")) && show());
  document.addEventListener("draft-saved", () => setTimeout(show));
  document.addEventListener("input", e => e.target.closest?.("[data-draft]") && setTimeout(show, 600));
  document.addEventListener("submit", e => { if (e.target.matches("[data-sign-out]")) try { localStorage.removeItem(key); } catch {} });
})();
