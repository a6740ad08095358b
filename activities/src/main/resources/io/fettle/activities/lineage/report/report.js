const which = document.getElementById("which");
if (which) {
  const words = document.getElementById("words");
  const rows = [...document.querySelectorAll("#items tbody tr")];
  const filter = () => {
    const wanted = words.value.toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const is = row.dataset.is.split(" ");
      row.hidden =
        (which.value && !is.includes(which.value)) || !row.textContent.toLowerCase().includes(wanted);
      shown += row.hidden ? 0 : 1;
    }
    document.getElementById("shown").textContent = `${shown} of ${rows.length}`;
  };
  which.addEventListener("change", filter);
  words.addEventListener("input", filter);
  filter();
}
