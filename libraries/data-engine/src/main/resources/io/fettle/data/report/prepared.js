// Only comfort: whatever the page says can be read without it.
for (const section of document.querySelectorAll("section")) {
  const folded = [...section.querySelectorAll("details")];
  if (folded.length > 1) {
    const button = document.createElement("button");
    button.className = "fold";
    button.textContent = "open or close all";
    button.addEventListener("click", () => {
      const open = folded.some((one) => !one.open);
      folded.forEach((one) => (one.open = open));
    });
    section.prepend(button);
  }
}
