// Conveniences for the facets. Without this file everything works the same, with more scrolling.
(() => {
  "use strict";

  const form = document.querySelector("form.facets");
  if (!form) return;

  // A browser that cannot show the closed drawer as a column gets it opened on a wide screen.
  const drawer = document.getElementById("filters");
  if (window.matchMedia("(min-width: 60rem)").matches && !CSS.supports("selector(::details-content)")) {
    drawer.open = true;
  }

  // A box that narrows a long list to the values that contain what is typed.
  for (const facet of form.querySelectorAll(".facet")) {
    const more = facet.querySelector(".more");
    if (!more) continue;
    const values = [...facet.querySelectorAll(".facet-values > li")];
    const name = facet.querySelector(".facet-name").textContent;
    const box = document.createElement("input");
    box.type = "search";
    box.className = "facet-filter";
    box.setAttribute("aria-label", `${form.dataset.narrow} ${name}`);
    box.placeholder = form.dataset.narrow;
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      more.open = wanted !== "" || more.dataset.open === "true";
      for (const value of values) {
        const label = value.querySelector(".value-label").textContent.toLowerCase();
        value.hidden = wanted !== "" && !label.includes(wanted) && !value.querySelector(":checked");
      }
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    facet.querySelector("fieldset > .facet-values").before(box);
  }

  // Empty boxes say nothing: they need not stand in the address. Coming back to the page makes them usable again.
  const boxes = () => form.querySelectorAll("input[type=text]");
  form.addEventListener("submit", () => {
    for (const box of boxes()) box.disabled = !box.value.trim();
  });
  window.addEventListener("pageshow", () => {
    for (const box of boxes()) box.disabled = false;
  });
})();
