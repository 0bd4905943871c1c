/* picker.js — a combobox that chooses one thing (person, group, CI, service) out of many.
   <div data-picker><input type=hidden name=x><input role=combobox data-url="/pick/people/"><div role=listbox popover=manual></div></div>
   GET url?q=text answers <div role="option" data-value="17" data-text="Mei Lin">…</div> rows; choosing writes the hidden input
   and fires "change" on it. data-include="#id_org" sends that field's value along. Nothing happens while an IME composes. */
(() => {
  const parts = i => { const box = i.closest("[data-picker]"); return { box, key: box.querySelector("input[type=hidden]"), list: box.querySelector("[role=listbox]") }; };
  const rows = list => [...list.querySelectorAll("[role=option]")];
  const hide = i => { const { list } = parts(i); if (list.matches(":popover-open")) list.hidePopover(); i.setAttribute("aria-expanded", "false"); i.removeAttribute("aria-activedescendant"); };
  const mark = (i, at) => { const o = rows(parts(i).list); if (!o.length) return; const n = (at + o.length) % o.length;
    o.forEach((x, j) => { x.id ||= `${i.id}-o${j}`; x.setAttribute("aria-selected", String(j === n)); }); i._at = n; i.setAttribute("aria-activedescendant", o[n].id); o[n].scrollIntoView({ block: "nearest" }); };
  const show = i => { const { list } = parts(i), r = i.getBoundingClientRect(); if (!list.matches(":popover-open")) list.showPopover();
    const below = innerHeight - r.bottom > Math.min(240, list.offsetHeight + 8);
    Object.assign(list.style, { left: r.left + "px", width: Math.max(r.width, 208) + "px", top: below ? r.bottom + 4 + "px" : Math.max(8, r.top - list.offsetHeight - 4) + "px" });
    i.setAttribute("aria-expanded", "true"); };
  const pick = (i, row) => { const { key } = parts(i); key.value = row.dataset.value; i.value = row.dataset.text ?? row.textContent.replace(/\s+/g, " ").trim(); i._text = i.value; hide(i); key.dispatchEvent(new Event("change", { bubbles: true })); };
  const ask = async i => { const turn = i._turn = (i._turn || 0) + 1, { list } = parts(i), url = new URL(i.dataset.url, location.href);
    url.searchParams.set("q", i.value.trim()); const other = i.dataset.include && document.querySelector(i.dataset.include); if (other?.value) url.searchParams.set(other.name, other.value);
    try { const a = await fetch(url, { headers: { "HX-Request": "true", Accept: "text/html" } }); if (turn !== i._turn || document.activeElement !== i) return;
      if (!a.ok || a.status === 204) return hide(i); const page = new DOMParser().parseFromString(await a.text(), "text/html"); if (turn !== i._turn) return;
      list.replaceChildren(...page.body.childNodes);
    } catch { return hide(i); }
    if (!rows(list).length && !list.textContent.trim()) { const p = document.createElement("p"); p.className = "menu__label"; p.textContent = document.documentElement.lang.startsWith("zh") ? "没有匹配项" : "Nothing matches"; list.append(p); }
    show(i); if (rows(list).length) mark(i, 0); };
  const soon = (i, ms) => { clearTimeout(i._wait); i._wait = setTimeout(() => ask(i), ms); };
  const box = e => e.target.closest?.("[data-picker] [role=combobox]");
  document.addEventListener("input", e => { const i = box(e); if (!i) return; const { key } = parts(i);
    if (i.value !== i._text && key.value) { key.value = ""; key.dispatchEvent(new Event("change", { bubbles: true })); } if (!e.isComposing) soon(i, 150); });
  document.addEventListener("compositionend", e => { const i = box(e); if (i) soon(i, 50); });
  document.addEventListener("focusin", e => { const i = box(e); if (!i) return; i._text ??= parts(i).key.value ? i.value : undefined; i.select(); });
  document.addEventListener("focusout", e => { const i = box(e); if (i) setTimeout(() => document.activeElement !== i && hide(i), 120); });
  document.addEventListener("keydown", e => { const i = box(e); if (!i || e.isComposing || e.keyCode === 229) return; const open = i.getAttribute("aria-expanded") === "true", { list } = parts(i);
    if (e.key === "ArrowDown") open ? mark(i, (i._at ?? -1) + 1) : ask(i);
    else if (e.key === "ArrowUp" && open) mark(i, (i._at ?? 0) - 1);
    else if (e.key === "Enter" && !e.ctrlKey && !e.metaKey && open && rows(list)[i._at]) pick(i, rows(list)[i._at]);
    else if (e.key === "Escape" && open) { hide(i); e.stopPropagation(); }
    else { if (e.key === "Tab") hide(i); return; } e.preventDefault(); }, true);
  document.addEventListener("mousedown", e => { const row = e.target.closest?.("[data-picker] [role=option]"); if (!row) return; e.preventDefault(); pick(row.closest("[data-picker]").querySelector("[role=combobox]"), row); });
  addEventListener("scroll", e => { const i = document.activeElement; if (i?.closest?.("[data-picker]") && e.target.contains?.(i) && i.getAttribute("aria-expanded") === "true") show(i); }, true);
})();
