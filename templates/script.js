
"use strict";
// Search, filters, sorting, paging and details of the table. Without this script the whole table is there.
(() => {
  const table = document.getElementById("inventory");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const form = document.getElementById("controls");
  const fields = form.elements;
  const status = document.getElementById("status");
  const more = document.getElementById("more");
  const pageSize = 40;
  const column = key => heads.findIndex(head => head.dataset.key === key);
  const [changeColumn, webhookColumn, findingsColumn] = ["change", "webhook", "findings"].map(column);

  const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const format = number => String(number).replace(/\B(?=(\d{3})+$)/g, form.dataset.numberGroup);
  const textOf = cell => cell.textContent;

  const changes = new Map([...fields.change.options].map(option => [option.text, option.value]));
  const severities = new Map([...fields.finding.options].slice(3, 6).map(option => [option.text, option.value]));

  const hostOf = cell => {
    const match = /^https?:\/\/(?:[^\/?#@]*@)?(\[[^\]]*\]|[^\/?#:]*)/i.exec(cell.textContent);
    return match ? match[1].toLowerCase() : "";
  };

  const rows = [...body.rows].map((element, order) => {
    const cells = element.cells;
    const findings = [];
    for (const label of cells[findingsColumn].querySelectorAll("b")) {
      const [severity, rule] = label.textContent.split(": ");
      findings.push(rule, severities.get(severity));
    }
    const change = cells[changeColumn].firstElementChild;
    return {
      element, order, findings,
      text: fold([...cells].map(textOf).join("\n")),
      outcome: element.dataset.outcome,
      change: change ? changes.get(change.textContent) : "",
      host: hostOf(cells[webhookColumn]),
    };
  });

  const hosts = new Map();
  for (const row of rows) if (row.host) hosts.set(row.host, (hosts.get(row.host) ?? 0) + 1);
  for (const [host, count] of [...hosts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
    fields.host.add(new Option(`${host} (${format(count)})`, host));
  }
  for (const name of ["change", "host"]) {
    if (fields[name].options.length === 1) fields[name].closest("label").hidden = true;
  }

  const outcomeTest = value => {
    if (value === "answered") return row => row.outcome === "found" || row.outcome === "not_found";
    if (value === "unanswered") return row => row.outcome !== "found" && row.outcome !== "not_found";
    return row => row.outcome === value;
  };
  const findingTest = value => {
    if (value === "any") return row => row.findings.length > 0;
    if (value === "none") return row => row.findings.length === 0;
    return row => row.findings.includes(value);
  };

  // Sorting.
  const months = form.dataset.months.split(" ");
  const number = text => text === "" ? null : Number(text.replace(/[^0-9-]/g, ""));
  const date = text => {
    const match = /^(\d{1,2})[ \/](\S+?)[ \/](\d{4})(.*)$/.exec(text);
    if (!match) return text === "" ? null : text;
    const month = /^\d+$/.test(match[2]) ? Number(match[2]) : months.indexOf(match[2]) + 1;
    return `${match[3]}-${String(month).padStart(2, "0")}-${match[1].padStart(2, "0")}${match[4]}`;
  };
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const compare = (a, b) => typeof a === "number" ? a - b : collator.compare(a, b);
  let order = rows;
  let sorting = "";

  const keyOf = head => head.dataset.key ?? `column${heads.indexOf(head)}`;
  const sort = by => {
    const descending = by.startsWith("-");
    const head = heads.find(head => keyOf(head) === by.replace(/^-/, ""));
    for (const other of heads) other.removeAttribute("aria-sort");
    sorting = head ? by : "";
    if (!head) {
      order = rows;
    } else {
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const index = heads.indexOf(head);
      const read = { number, date }[head.dataset.kind] ?? (text => text || null);
      // Absent values stay last either way.
      const values = new Map(rows.map(row => [row, read(row.element.cells[index].textContent.trim())]));
      order = [...rows].sort((a, b) => {
        const [x, y] = [values.get(a), values.get(b)];
        if (x === null || y === null) return (x === null) - (y === null) || a.order - b.order;
        return (descending ? compare(y, x) : compare(x, y)) || a.order - b.order;
      });
    }
  };

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.title = fill(form.dataset.sortBy, { column: head.textContent.trim() });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const key = keyOf(head);
      sort(sorting === key ? `-${key}` : sorting === `-${key}` ? "" : key);
      apply();
      remember();
    });
  }

  // Details of a row, its every cell with a button that copies it.
  const closeDetails = () => {
    for (const detail of body.querySelectorAll("tr.detail")) detail.remove();
    for (const button of body.querySelectorAll(".more[aria-expanded=true]")) button.setAttribute("aria-expanded", "false");
  };
  const copy = async (text, button) => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      copied = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    status.textContent = copied ? form.dataset.copied : form.dataset.copyFailed;
  };
  const toggle = button => {
    const row = button.closest("tr");
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) return row.nextElementSibling.remove();
    const list = document.createElement("dl");
    heads.forEach((head, index) => {
      const cell = row.cells[index];
      const content = [...cell.cloneNode(true).childNodes]
        .filter(node => !["BUTTON", "I"].includes(node.nodeName));
      const text = content.map(node => node.textContent).join("\n").trim();
      if (!text) return;
      for (const node of content) node.removeAttribute?.("tabindex");
      const pair = document.createElement("div");
      const [term, value, button] = ["dt", "dd", "button"].map(name => document.createElement(name));
      term.textContent = head.textContent.trim();
      value.append(...content);
      if (text.length > 600) value.tabIndex = 0;
      button.type = "button";
      button.textContent = form.dataset.copy;
      button.setAttribute("aria-label", `${form.dataset.copy}: ${term.textContent}`);
      button.addEventListener("click", () => copy(text, button));
      const action = document.createElement("dd");
      action.append(button);
      pair.append(term, value, action);
      list.append(pair);
    });
    const detail = document.createElement("tr");
    detail.className = "detail";
    const cell = detail.insertCell();
    cell.colSpan = heads.length;
    cell.append(list);
    row.after(detail);
  };
  body.addEventListener("click", event => {
    if (event.target.matches(".more")) toggle(event.target);
  });
  // What a row needs once it is shown: a button for its details, and, in a long table, its webhook as a link.
  const furnish = row => {
    if (row.isFurnished) return;
    row.isFurnished = true;
    const webhook = row.element.cells[webhookColumn];
    const url = webhook.textContent;
    if (!webhook.querySelector("a") && url.length <= 2048 && /^https?:\/\/[\x21-\x7e]+$/i.test(url)) {
      const link = document.createElement("a");
      link.href = url;
      link.rel = "noreferrer noopener";
      link.textContent = url;
      (webhook.firstElementChild ?? webhook).replaceChildren(link);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "more";
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-label", fill(form.dataset.details, { line: row.element.dataset.line }));
    row.element.cells[0].prepend(button);
  };

  // Which rows are shown: those that match, a page of them.
  // The others wait in a part of the table that is hidden as a whole, so that a change costs what is seen, not what there is.
  const rest = table.createTBody();
  rest.hidden = true;
  rest.append(...rows.map(row => row.element));
  let matches = rows;
  const show = count => {
    closeDetails();
    const shown = matches.slice(0, count);
    shown.forEach(furnish);
    const wanted = new Set(shown.map(row => row.element));
    rest.append(...[...body.rows].filter(element => !wanted.has(element)));
    let next = body.firstElementChild;
    for (const { element } of shown) {
      if (element === next) next = next.nextElementSibling;
      else body.insertBefore(element, next);
    }
  };
  // On paper there are no pages to come.
  addEventListener("beforeprint", () => show(Infinity));
  addEventListener("afterprint", () => show(limit));

  let limit = pageSize;
  const apply = () => {
    const tests = [];
    const terms = fold(fields.q.value).split(/\s+/).filter(Boolean);
    if (terms.length) tests.push(row => terms.every(term => row.text.includes(term)));
    if (fields.outcome.value) tests.push(outcomeTest(fields.outcome.value));
    if (fields.finding.value) tests.push(findingTest(fields.finding.value));
    if (fields.change.value) tests.push(row => row.change === fields.change.value);
    if (fields.host.value) tests.push(row => row.host === fields.host.value);
    matches = order.filter(row => tests.every(test => test(row)));
    show(limit);
    status.textContent = fill(form.dataset.shown, { matching: format(matches.length) });
    more.hidden = matches.length <= limit;
    table.classList.toggle("compact", !fields.columns.checked);
  };

  // The columns that the details show as well are left out until they are asked for.
  const firstMore = heads.findIndex(head => "more" in head.dataset);
  document.styleSheets[0].insertRule(
    `@media screen { #inventory.compact tr:not(.detail) > :nth-child(n + ${firstMore + 1}) { display: none; } }`,
    document.styleSheets[0].cssRules.length);

  // The address holds the filter, so that a view can be sent on.
  const names = ["q", "outcome", "finding", "change", "host"];
  const remember = () => {
    const parameters = new URLSearchParams();
    for (const name of names) if (fields[name].value) parameters.set(name, fields[name].value);
    if (sorting) parameters.set("sort", sorting);
    if (fields.columns.checked) parameters.set("columns", "all");
    const fragment = `#${parameters}`;
    if (fragment !== location.hash) history.replaceState(null, "", fragment === "#" ? "#inventory" : fragment);
  };
  const restore = () => {
    const fragment = location.hash.slice(1);
    if (fragment && !fragment.includes("=")) return apply();
    const parameters = new URLSearchParams(fragment);
    for (const name of names) {
      const value = parameters.get(name) ?? "";
      fields[name].value = value;
      // A choice that no row has any more: nothing is shown, rather than everything.
      if (value && fields[name].value !== value && fields[name].options) {
        fields[name].add(new Option(value, value));
        fields[name].value = value;
      }
    }
    fields.columns.checked = parameters.get("columns") === "all";
    const by = parameters.get("sort") ?? "";
    if (by !== sorting) sort(by);
    limit = pageSize;
    apply();
    if (fragment) form.scrollIntoView();
  };

  form.addEventListener("submit", event => event.preventDefault());
  const refilter = () => {
    limit = pageSize;
    apply();
    remember();
  };
  fields.q.addEventListener("input", refilter);
  for (const name of ["outcome", "finding", "change", "host", "columns"]) {
    fields[name].addEventListener("change", refilter);
  }
  form.addEventListener("reset", () => {
    // The fields are empty only after this event.
    setTimeout(() => {
      if (sorting) sort("");
      refilter();
    });
  });
  more.addEventListener("click", event => {
    if (!event.target.name) return;
    limit = event.target.name === "all" ? Infinity : limit + pageSize;
    apply();
  });
  addEventListener("hashchange", restore);

  form.hidden = false;
  restore();
})();
