// Beside the text: go from proposal to proposal by keys, accept, reject, edit, add what is selected. Without it proposals
// are accepted by their boxes.
"use strict";
(() => {
  const panel = document.getElementById("pasted-text");
  const form = document.getElementById("announcement_form");
  if (!panel || !form) return;
  const marks = () => [...panel.querySelectorAll("a[data-row]")];
  const field = (row, name) => document.getElementById(`id_${row}-${name}`);
  const accepted = (row) => Boolean(field(row, "accepted")?.checked);
  const rejected = (row) => Boolean(field(row, "rejected")?.value);
  const at = (row) => document.getElementById(`at-${row}`);
  document.querySelector(".by-keyboard").hidden = false;

  function show() {
    let waiting = 0;
    for (const mark of marks()) {
      const { row } = mark.dataset, out = rejected(row), is = accepted(row);
      mark.classList.toggle("accepted", is);
      mark.classList.toggle("rejected", out && !is);
      const card = document.getElementById(row);
      card?.classList.toggle("rejected", out && !is);
      if (!is && !out) waiting += 1;
      if (is) mark.classList.remove("coded");
    }
    const open = ".mark.number:not(.coded), .mark.figures:not(.accepted):not(.coded)";
    const uncoded = panel.querySelectorAll(open).length;
    document.getElementById("tally-waiting").textContent = waiting;
    document.getElementById("tally-uncoded").textContent = uncoded;
  }

  // A figure of a case needs the case, one of a campaign the campaign.
  function decide(row, yes) {
    const box = field(row, "accepted");
    if (!box) return;
    box.checked = yes;
    field(row, "rejected").value = yes ? "" : "1";
    if (!yes || !row.startsWith("figures-")) return;
    const needed = [["cases", "number", field(row, "case_number")], ["mentions", "campaign", field(row, "campaign")]];
    for (const [group, name, own] of needed) {
      if (!own?.value) continue;
      for (const other of document.querySelectorAll(`#${group}-group .card:not(.empty-form)`)) {
        if (field(other.id, name)?.value === own.value && field(other.id, "proposed")?.value) decide(other.id, true);
      }
    }
  }

  function go(mark) {
    if (!mark) return;
    mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "center" });
  }

  function next(from, step, undecided) {
    const all = marks(), start = all.indexOf(from);
    for (let n = start + step; n >= 0 && n < all.length; n += step) {
      const { row } = all[n].dataset;
      if (!undecided || (!accepted(row) && !rejected(row))) return all[n];
    }
    return null;
  }

  function light(row) {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    at(row)?.classList.add("lit");
    document.getElementById(row)?.classList.add("lit");
  }

  function edit(row) {
    const card = document.getElementById(row);
    const first = field(row, row.startsWith("figures-") ? (field(row, "measure").value ? "value" : "measure") : "accepted");
    card.scrollIntoView({ block: "center" });
    first.focus({ preventScroll: true });
  }

  const isWhole = (row) => !row.startsWith("figures-") || (field(row, "measure").value && field(row, "unit").value);

  function acceptAll() {
    for (const { dataset: { row } } of marks()) if (!rejected(row) && isWhole(row)) decide(row, true);
    show();
  }

  // What is selected in the text: its words, and where they stand in code points.
  function selected() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!panel.contains(range.commonAncestorContainer)) return null;
    const before = document.createRange();
    before.setStart(panel, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const words = range.toString(), phrase = words.trim();
    if (!phrase) return null;
    const start = [...before.toString()].length + [...words.slice(0, words.indexOf(phrase))].length;
    return { phrase, start, end: start + [...phrase].length, range };
  }

  async function add() {
    const words = selected();
    if (!words) return;
    for (const number of panel.querySelectorAll(".mark.number")) {
      if (words.range.intersectsNode(number)) number.classList.add("coded");
    }
    // What the editor selects stands in the place of what was proposed there.
    for (const mark of panel.querySelectorAll("a.mark.figures:not(.accepted)")) {
      if (!words.range.intersectsNode(mark)) continue;
      decide(mark.dataset.row, false);
      mark.classList.add("coded");
    }
    document.querySelector("#figures-group .add-row a").click();
    const card = [...document.querySelectorAll("#figures-group .card:not(.empty-form)")].pop(), row = card.id;
    const set = (name, value) => { if (value && field(row, name)) field(row, name).value = value; };
    set("phrase", words.phrase.replace(/\s*\n\s*/g, " "));
    set("proposed", `${words.start}-${words.end}`);
    field(row, "accepted").checked = true;
    const named = [...document.querySelectorAll("#mentions-group .card:not(.empty-form)")];
    if (named.length === 1) set("campaign", field(named[0].id, "campaign").value);
    show();
    edit(row);
    const url = new URL(panel.dataset.read, document.baseURI);
    url.searchParams.set("q", words.phrase.slice(0, 500));
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (response.ok) for (const [name, value] of Object.entries(await response.json())) set(name, value);
  }

  panel.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const mark = document.activeElement.closest("a[data-row]"), row = mark?.dataset.row;
    if (event.key === "j") go(mark ? next(mark, 1) : marks()[0]);
    else if (event.key === "k") go(mark ? next(mark, -1) : marks().pop());
    else if (event.key === "A") acceptAll();
    else if (event.key === "f") add();
    else if (row && (event.key === "a" || event.key === "r")) {
      if (event.key === "a" && !isWhole(row)) edit(row);
      decide(row, event.key === "a");
      show();
      if (document.activeElement === mark) go(next(mark, 1, true));
    } else if (row && (event.key === "e" || event.key === "Enter")) edit(row);
    else return;
    event.preventDefault();
  });
  panel.addEventListener("click", (event) => {
    const mark = event.target.closest("a[data-row]");
    if (!mark) return;
    event.preventDefault();
    mark.focus({ preventScroll: true });
    document.getElementById(mark.dataset.row)?.scrollIntoView({ block: "center" });
  });
  document.getElementById("accept-all").addEventListener("click", (event) => {
    event.preventDefault();
    acceptAll();
  });

  document.addEventListener("focusin", ({ target }) => {
    const row = target.dataset?.row || target.closest(".card")?.id;
    if (row) light(row);
    if (target.closest(".card")) at(row)?.scrollIntoView({ block: "center" });
  });
  // What is changed by hand is meant.
  form.addEventListener("input", ({ target }) => {
    const card = target.closest(".card");
    if (card && target.type !== "checkbox" && field(card.id, "proposed")?.value) decide(card.id, true);
    show();
  });
  form.addEventListener("keydown", (event) => {
    const card = event.target.closest?.(".card");
    if (event.key !== "Escape" || event.defaultPrevented || !card) return;
    const mark = at(card.id);
    mark ? go(mark) : panel.focus();
  });
  show();
})();
