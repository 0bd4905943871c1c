/* walk.js — "3 of 38" and the way to the next record of the list one came from, without asking the server.
   A list is [data-list] with .row-link rows; opening a record keeps its rows for this tab. On the record's page:
   <span data-walk hidden><span data-walk-at data-text="{at} of {all}"></span><a data-walk-back></a><a data-walk-on></a></span>, <a data-walk-up>. */
(() => {
  const key = "walk", read = () => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };
  const keep = () => { const rows = [...document.querySelectorAll("[data-list] .row-link")]; if (!rows.length) return;
    try { sessionStorage.setItem(key, JSON.stringify({ up: location.pathname + location.search, name: document.querySelector("h1")?.textContent.trim() || "", all: document.getElementById("count")?.textContent.trim() || "", rows: rows.map(r => r.getAttribute("href")) })); } catch {} };
  document.addEventListener("click", e => e.target.closest?.("[data-list] .row-link") && keep(), true);
  const box = document.querySelector("[data-walk]"), list = box && read(); if (!list) return;
  const i = list.rows.indexOf(location.pathname); if (i < 0) return;
  const up = document.querySelector("[data-walk-up]"); if (up && list.up.startsWith("/") && !list.up.startsWith("//")) { up.href = list.up; if (list.name) up.textContent = list.name; }
  const at = box.querySelector("[data-walk-at]"); at.textContent = at.dataset.text.replace("{at}", i + 1).replace("{all}", list.all || list.rows.length);
  const step = (sel, to) => { const a = box.querySelector(sel); if (to && to.startsWith("/") && !to.startsWith("//")) a.href = to; else a.setAttribute("aria-disabled", "true"); };
  step("[data-walk-back]", list.rows[i - 1]); step("[data-walk-on]", list.rows[i + 1]); box.hidden = false;
})();
