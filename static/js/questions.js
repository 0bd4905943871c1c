/* questions.js — shows the questions that belong to the answers given so far. The server decides again when the form is sent.
   <div data-question="why" data-if="q_model" data-test="is" data-values="strong\nmobile">…</div> stands in one form or preview;
   a question under a hidden question is hidden. */
(() => {
  const given = (root, name) => [...root.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
    .filter(i => !/^(radio|checkbox)$/.test(i.type) || i.checked)
    .flatMap(i => i.type === "file" ? [...i.files].map(f => f.name) : i.selectedOptions ? [...i.selectedOptions].map(o => o.value) : [i.value])
    .filter(Boolean);
  const holds = (box, root) => {
    const answers = given(root, box.dataset.if), values = box.dataset.values.split("\n"), has = answers.some(a => values.includes(a));
    return { is: has, is_not: !has, answered: answers.length > 0, not_answered: !answers.length }[box.dataset.test];
  };
  const asked = (box, root, seen = []) => {
    if (!box.dataset.if) return true;
    const above = root.querySelector(`[data-question="${CSS.escape(box.dataset.if.replace(/^q_/, ""))}"]`);
    return above && !seen.includes(box) && asked(above, root, [...seen, box]) && holds(box, root);
  };
  const refresh = root => root.querySelectorAll("[data-question]").forEach(box => { box.hidden = !asked(box, root); });
  const rootOf = e => { const q = e.target.closest?.("[data-question]"); return q && (q.closest("[data-questions]") ?? q.closest("form")); };
  for (const kind of ["change", "input"]) document.addEventListener(kind, e => { const root = rootOf(e); if (root) refresh(root); });
  const all = () => new Set([...document.querySelectorAll("[data-question]")].map(q => q.closest("[data-questions]") ?? q.closest("form"))).forEach(r => r && refresh(r));
  document.addEventListener("htmx:afterSettle", all);
  all();
})();
