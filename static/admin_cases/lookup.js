// Proposes entries of a vocabulary while an editor types. Without it codes and names are typed by hand.
"use strict";
(() => {
  const base = new URL("/admin/cases/announcement/lookup/", document.baseURI);
  const list = document.createElement("ul");
  list.id = "proposals";
  list.className = "proposals";
  list.setAttribute("role", "listbox");
  let owner, timer, asked = 0;

  // Of a field that takes several entries the last one is being typed.
  function parts(input) {
    const cut = "several" in input.dataset ? Math.max(input.value.lastIndexOf(";"), input.value.lastIndexOf("；")) + 1 : 0;
    const head = input.value.slice(0, cut).trim();
    return { head: head && head + " ", text: input.value.slice(cut).trim() };
  }

  // A field of several lines may not be called a combobox; what it proposes is told by the rest.
  function expanded(input, open) {
    if (input.tagName === "INPUT") input.setAttribute("aria-expanded", String(open));
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    if (!owner) return;
    expanded(owner, false);
    owner.removeAttribute("aria-activedescendant");
    list.remove();
    owner = null;
  }

  function mark(option) {
    for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
    owner.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function open(input, results) {
    close();
    if (!results.length || document.activeElement !== input) return;
    owner = input;
    list.setAttribute("aria-label", input.labels[0].textContent);
    list.replaceChildren(...results.map((result, n) => {
      const option = document.createElement("li");
      option.id = `proposal-${n}`;
      option.setAttribute("role", "option");
      option.textContent = option.dataset.value = result.value;
      option.dataset.unit = result.unit;
      return option;
    }));
    input.setAttribute("aria-controls", list.id);
    expanded(input, true);
    input.after(list);
    mark(list.firstChild);
    list.scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    const input = owner;
    input.value = parts(input).head + option.dataset.value;
    input.dispatchEvent(new CustomEvent("lookup:chosen", { bubbles: true, detail: option.dataset }));
    close();
  }

  async function ask(input) {
    const { text } = parts(input);
    if (!text) return close();
    const mine = ++asked;
    const url = new URL(`${input.dataset.lookup}/?${new URLSearchParams({ q: text })}`, base);
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (mine === asked && response.ok) open(input, (await response.json()).results);
  }

  document.addEventListener("focusin", ({ target }) => {
    if (!target.dataset.lookup) return;
    if (target.tagName === "INPUT") target.setAttribute("role", "combobox");
    target.setAttribute("aria-autocomplete", "list");
    expanded(target, false);
  });
  document.addEventListener("focusout", close);
  document.addEventListener("input", ({ target }) => {
    if (!target.dataset.lookup) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 120, target);
  });
  document.addEventListener("keydown", (event) => {
    if (!owner || event.target !== owner || event.isComposing) return;
    const at = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown") mark(at.nextElementSibling || list.firstChild);
    else if (event.key === "ArrowUp") mark(at.previousElementSibling || list.lastChild);
    else if (event.key === "Enter") choose(at);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  // Before the field loses the focus, and with it its proposals.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("li");
    if (option) choose(option);
  });
})();
