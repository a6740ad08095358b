const data = document.getElementById("data");
if (data) {
  const PAGE = 50;
  const LONGEST_DIFF = 400; // words: the table of a difference is quadratic
  const BEFORE = ["INCUMBENT", "TUNED"];
  const { arms, items, criteria, opinions } = JSON.parse(data.textContent);
  const get = (id) => document.getElementById(id);
  const [ours, theirs, which, words] = ["ours", "theirs", "which", "words"].map(get);
  const before = arms.map((arm, i) => (BEFORE.includes(arm.arm) ? i : -1)).filter((i) => i >= 0);
  let page = 0;

  const make = (tag, content, name) => {
    const node = document.createElement(tag);
    node.append(...(Array.isArray(content) ? content : [content ?? ""]));
    if (name) node.className = name;
    return node;
  };

  for (const select of [ours, theirs]) {
    arms.forEach((arm, i) => select.append(new Option(arm.name, i)));
  }

  const choices = [
    [opinions.length, "liked", "preferred: the first, by a judge or people"],
    [opinions.length, "disliked", "preferred: the second, by a judge or people"],
    [opinions.length, "split", "the judge's two orders disagree"],
    [criteria.length, "unmet", "a criterion is not met by the first"],
  ];
  for (const [is, value, text] of choices) {
    if (is) which.append(new Option(text, value));
  }

  // Which arms, items and words are looked at stands in the address, so that it can be passed on.
  const read = () => {
    const said = new URLSearchParams(location.hash.slice(1));
    const named = (key, other) => {
      const found = arms.findIndex((arm) => arm.name === said.get(key));
      return found >= 0 ? found : Math.max(0, other);
    };
    ours.value = named("arm", arms.findIndex((arm) => arm.arm === "SERVED"));
    const best = arms.findLastIndex((arm) => arm.arm === "FEW_SHOT");
    theirs.value = named("against", best >= 0 ? best : arms.findIndex((_, i) => i !== +ours.value));
    which.value = said.get("show") ?? "";
    words.value = said.get("words") ?? "";
    page = Math.max(0, Number.parseInt(said.get("page") ?? "1", 10) - 1 || 0);
  };
  const write = () => {
    const said = new URLSearchParams({ arm: arms[ours.value].name, against: arms[theirs.value].name });
    if (which.value) said.set("show", which.value);
    if (words.value) said.set("words", words.value);
    if (page) said.set("page", page + 1);
    history.replaceState(null, "", `#${said}`);
  };

  // What was said of the two arms that are compared, as seen from the first.
  const heard = (item) =>
    opinions.flatMap((opinion, i) => {
      const said = item.p?.[i];
      const same = opinion.ours === +ours.value && opinion.theirs === +theirs.value;
      const turned = opinion.ours === +theirs.value && opinion.theirs === +ours.value;
      return said && (same || turned) ? [[turned ? 1 - said[0] : said[0], ...said.slice(1)]] : [];
    });

  const kinds = (item) => {
    const [a, b] = [item.a[ours.value].s, item.a[theirs.value].s];
    const is = [];
    if (a > b) is.push("win");
    if (a < b) is.push("loss");
    if (a !== b) is.push("flip");
    if (a < 1) is.push("wrong");
    if (item.a[ours.value].c?.some(([said]) => said !== "yes")) is.push("unmet");
    for (const [preference, forward, backward] of heard(item)) {
      if (preference > 0.5) is.push("liked");
      if (preference < 0.5) is.push("disliked");
      if (forward !== backward) is.push("split");
    }
    if (before.some((i) => i !== +ours.value && item.a[i].s > a)) is.push("regression");
    return is;
  };

  // Words of the answer that the reference does not have in this order (longest common subsequence).
  const differing = (text, reference) => {
    const [a, b] = [text, reference].map((t) => t.split(/(\s+|[{}[\],:"]+)/).filter(Boolean));
    if (a.length > LONGEST_DIFF || b.length > LONGEST_DIFF) return [text];
    const long = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        long[i][j] = a[i] === b[j] ? long[i + 1][j + 1] + 1 : Math.max(long[i + 1][j], long[i][j + 1]);
      }
    }
    const out = [];
    for (let i = 0, j = 0; i < a.length; ) {
      if (j < b.length && a[i] === b[j]) {
        out.push(a[i++]);
        j++;
      } else if (j < b.length && long[i][j + 1] >= long[i + 1][j]) {
        j++;
      } else {
        out.push(make("mark", a[i++]));
      }
    }
    return out;
  };

  const rulings = (said) =>
    make(
      "ul",
      said.map(([word, reason, unanimous], i) => {
        const question = `${criteria[i] ?? `criterion ${i + 1}`} `;
        return make("li", [make("b", word), " ", question, make("i", reason + (unanimous ? "" : " (not every time)"))], word);
      }),
      "rulings",
    );

  // One opinion of two arms, in the cell of the second: the outcome, and a judge's two orders with their reasons.
  const opinion = ({ by, ours: one, theirs: other }, [preference, ...orders]) => {
    const [first, second] = [arms[one].name, arms[other].name];
    const names = { ours: first, theirs: second, tie: "neither" };
    const split = orders.length > 0 && orders[0] !== orders[1];
    const outcome =
      preference > 0.5 ? `prefer ${first}` : preference < 0.5 ? `prefer ${second}` : split ? "tie, the two orders disagree" : "tie";
    if (!orders.length) return make("div", [make("b", by), `: ${outcome} (${Math.max(preference, 1 - preference).toFixed(2)})`], "opinion");
    const told = [first, second].map((name, i) =>
      make("div", [`${name} shown first: ${names[orders[i]] ?? orders[i]} `, make("i", orders[i + 2] ?? "")]),
    );
    return make("details", [make("summary", [make("b", by), `: ${outcome.replace("prefer ", "prefers ")}`]), ...told], "opinion");
  };

  const answer = ({ t, s, n, c }, reference) => {
    const right = s >= 1;
    const cell = make("td", [], right ? "right" : "wrong");
    cell.append(make("span", right ? "\u2713" : s > 0 ? s.toFixed(2) : "\u2717", "mark"));
    cell.append(...(right ? [t] : differing(t, reference)));
    if (n) cell.append(make("small", n));
    if (c) cell.append(rulings(c));
    return cell;
  };

  const row = (item, order) => {
    const node = make("tr", [make("td", [make("b", item.id), item.q], "item"), make("td", item.r)]);
    node.dataset.is = kinds(item).join(" ");
    order.forEach((i) => {
      const cell = answer(item.a[i], item.r);
      opinions.forEach((each, k) => {
        if (each.theirs === i && item.p?.[k]) cell.append(opinion(each, item.p[k]));
      });
      node.append(cell);
    });
    return node;
  };

  const show = () => {
    const wanted = words.value.toLowerCase();
    const found = items.filter(
      (item) =>
        (!which.value || kinds(item).includes(which.value)) &&
        (!wanted ||
          [item.id, item.q, item.r, ...item.a.map((a) => `${a.t} ${a.n ?? ""} ${(a.c ?? []).join(" ")}`), ...Object.values(item.p ?? {})].join("\n").toLowerCase().includes(wanted)),
    );
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    page = Math.min(page, pages - 1);
    const others = arms.map((_, i) => i).filter((i) => i !== +ours.value && i !== +theirs.value);
    const order = [...new Set([+ours.value, +theirs.value]), ...others];
    const head = make("tr", [make("th", "item"), make("th", "reference"), ...order.map((i) => make("th", arms[i].name))]);
    document.querySelector("#items thead").replaceChildren(head);
    const rows = found.slice(page * PAGE, (page + 1) * PAGE).map((item) => row(item, order));
    document.querySelector("#items tbody").replaceChildren(...rows);
    get("shown").textContent = `${found.length} of ${items.length}`;
    get("page").textContent = `page ${page + 1} of ${pages}`;
    get("back").disabled = page === 0;
    get("on").disabled = page === pages - 1;
  };

  const changed = () => {
    page = 0;
    write();
    show();
  };
  for (const control of [ours, theirs, which]) control.addEventListener("change", changed);
  words.addEventListener("input", changed);
  const turn = (by) => () => {
    page += by;
    write();
    show();
  };
  get("back").addEventListener("click", turn(-1));
  get("on").addEventListener("click", turn(1));
  addEventListener("hashchange", () => {
    read();
    show();
  });
  read();
  show();
}
