// Conveniences of the entry screen. Without them everything that is there can be changed and saved; rows are not added.
"use strict";
(() => {
  const form = document.getElementById("announcement_form");
  const hint = document.getElementById("entry-hint");
  if (!form || !hint) return;

  // What the field means that one is in.
  form.addEventListener("focusin", ({ target }) => {
    const help = document.getElementById((target.getAttribute("aria-describedby") || "").split(" ")[0]);
    hint.textContent = help ? help.textContent.trim() : "";
  });

  // A new row begins at its first field.
  const field = (card, name) => card.querySelector(`.field-${name} :is(input, select, textarea)`);
  document.addEventListener("formset:added", ({ target }) => {
    target.querySelector(".cell :is(input, select, textarea)").focus();
  });

  // A measure that is counted in one unit only brings its unit along.
  form.addEventListener("lookup:chosen", ({ target, detail }) => {
    const unit = target.closest(".field-measure") && field(target.closest(".card"), "unit");
    if (unit && detail.unit && !unit.value) unit.value = detail.unit;
  });

  // Another figure of the same scope.
  form.addEventListener("click", ({ target }) => {
    if (!target.matches("button.again")) return;
    const card = target.closest(".card");
    document.querySelector("#figures-group .add-row a").click();
    const cards = document.querySelectorAll("#figures-group .card:not(.empty-form)");
    for (const name of ["case_number", "places", "crime_types", "campaign", "period"]) {
      field(cards[cards.length - 1], name).value = field(card, name).value;
    }
  });

  // Nothing that was typed is lost by leaving the page unawares.
  let typed = Boolean(form.querySelector(".problems"));
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
})();
