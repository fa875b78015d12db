// A button beside every text that is meant to be quoted. Without this file the text is selected by hand.
(() => {
  "use strict";

  if (!navigator.clipboard) return;

  for (const text of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = text.dataset.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent.trim());
      button.textContent = text.dataset.copied;
      window.setTimeout(() => {
        button.textContent = text.dataset.copy;
      }, 2000);
    });
    text.after(button);
  }
})();
