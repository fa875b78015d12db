// Proposes places, crime types and announcements while an editor types. Without it codes and names are typed by hand.
"use strict";
(() => {
  const base = new URL("/admin/cases/announcement/lookup/", document.baseURI);
  let list, timer, last;

  function propose(input, head, results) {
    if (!list) {
      list = document.createElement("datalist");
      list.id = "lookup-list";
      document.body.append(list);
    }
    input.setAttribute("list", list.id);
    list.replaceChildren(...results.map((text) => {
      const option = document.createElement("option");
      option.value = head + text;
      return option;
    }));
  }

  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.dataset || !input.dataset.lookup || event.inputType === "insertReplacementText") return;
    const several = "several" in input.dataset;
    const cut = several ? Math.max(input.value.lastIndexOf(";"), input.value.lastIndexOf("；")) + 1 : 0;
    const text = input.value.slice(cut).trim();
    const head = cut ? input.value.slice(0, cut).trimEnd() + " " : "";
    clearTimeout(timer);
    if (!text || /^\S+ \S/.test(text) && text === last) return;
    timer = setTimeout(async () => {
      last = text;
      const url = new URL(encodeURIComponent(input.dataset.lookup) + "/", base);
      url.searchParams.set("q", text);
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      if (response.ok) propose(input, head, (await response.json()).results);
    }, 150);
  });
})();
