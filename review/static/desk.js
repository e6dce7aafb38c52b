// Keys and partial updates. Every page works without it: each thing done here is a form as well.
"use strict";

const page = document.body.dataset.page;
const token = document.body.dataset.token;
const byId = (id) => document.getElementById(id);
const CARD = ".alert[data-alert], .alert[data-candidate]";
const isList = page === "queue" || page === "rejected";
const cards = () => Array.from(document.querySelectorAll(CARD));
const cardOf = (told) => told && (
  (told.alert && document.querySelector(`[data-alert="${CSS.escape(told.alert)}"]`))
  || (told.candidate && document.querySelector(`[data-candidate="${CSS.escape(told.candidate)}"]`)));
const verdictOfKey = {};
for (const button of document.querySelectorAll(".judge button")) {
  const key = button.querySelector("kbd");
  if (key) verdictOfKey[key.textContent] = button.value;
}

// --- which alert is meant -------------------------------------------------------------------------

let current = null;

function select(card, quietly) {
  if (!card) return;
  for (const other of cards()) other.classList.remove("current");
  card.classList.add("current");
  current = card;
  if (quietly) return;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = cards();
  const place = all.indexOf(current);
  const next = place < 0 ? (step > 0 ? 0 : all.length - 1) : place + step;
  if (next >= 0 && next < all.length) select(all[next]);
  else if (next >= all.length) say("That was the last one on this page.", false);
}

// --- what is said -----------------------------------------------------------------------------------

let hiding = 0;

function say(words, canUndo) {
  const toast = byId("toast");
  if (!toast) return;
  toast.hidden = false;
  byId("said").textContent = words;
  byId("undo").hidden = !canUndo;
  clearTimeout(hiding);
  hiding = setTimeout(() => { toast.hidden = true; }, 8000);
}

// One at a time, in order: an undo must not overtake the verdict it undoes.
let line = Promise.resolve();

function send(path, fields, card) {
  line = line.then(() => post(path, fields, card));
  return line;
}

async function post(path, fields, card) {
  const body = new URLSearchParams({ token, ...fields });
  let trouble = "The desk does not answer; this was not kept. Press the key again.";
  try {
    const answer = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (answer.ok) return show(await answer.json());
    trouble = (answer.headers.get("content-type") ?? "").startsWith("text/plain") ? await answer.text() : `The desk refused (${answer.status}); this was not kept.`;
  } catch { /* no answer: said below */ }
  if (card) {
    const slot = card.querySelector("[data-slot=trouble]");
    if (slot) { slot.textContent = trouble; slot.hidden = false; }
  }
  say(trouble, false);
  return null;
}

function show(told) {
  for (const [what, count] of Object.entries(told.waiting ?? {})) showCount(what, count);
  const card = cardOf(told);
  if (card) {
    if (told.verdict) showVerdict(card, told.verdict);
    const slots = { assignee: told.assignee && `for ${told.assignee}`, note: told.note && `Note: ${told.note}` };
    for (const [name, words] of Object.entries(slots)) {
      const slot = card.querySelector(`[data-slot=${name}]`);
      if (!slot || words === undefined) continue;
      slot.textContent = words;
      slot.hidden = !words;
    }
    const trouble = card.querySelector("[data-slot=trouble]");
    if (trouble) trouble.hidden = true;
  }
  say(told.said, Boolean(told.verdict) && !told.said.startsWith("Undone"));
  return told;
}

function showCount(what, count) {
  const badge = document.querySelector(`[data-count=${what}]`);
  if (!badge) return;
  badge.lastChild.textContent = count.toLocaleString("en");
  badge.hidden = count === 0;
}

function showVerdict(card, verdict) {
  let words = verdict;
  for (const button of card.querySelectorAll(".judge button")) {
    const is = button.value === verdict;
    button.setAttribute("aria-pressed", String(is));
    if (is) words = button.firstChild.textContent;
  }
  card.classList.toggle("done", verdict !== "unsure");
  const slot = card.querySelector("[data-slot=verdict]");
  if (!slot) return;
  const chip = document.createElement("span");
  chip.className = `chip verdict v-${verdict}`;
  chip.textContent = words;
  slot.replaceChildren(chip);
}

// --- what is done -----------------------------------------------------------------------------------

// What a form says of the card it is about.
const meant = (card) => (card.dataset.alert ? { alert: card.dataset.alert } : { candidate: card.dataset.candidate });

function judge(card, verdict) {
  if (!card) return;
  const form = card.querySelector("form.judge");
  send(form.getAttribute("action"), { ...meant(card), verdict }, card);
  if (isList) move(1);
}

async function undo() {
  const told = await send("/undo", {}, null);
  const card = cardOf(told);
  if (card && isList) select(card);
}

function open(id) {
  const dialog = byId(id);
  if (!dialog || dialog.open) return;
  const form = dialog.querySelector("form[data-inline]");
  if (form) {
    if (!current) return;
    if (!current.dataset.alert && !form.elements.candidate) return; // nobody is given a candidate
    for (const what of ["alert", "candidate"]) {
      if (form.elements[what]) form.elements[what].value = current.dataset[what] ?? "";
    }
    if (form.elements.note) form.elements.note.value = "";
  }
  dialog.showModal();
  const field = dialog.querySelector("textarea, input:not([type=hidden])");
  if (field) { field.focus(); if (field.select) field.select(); }
}

function follow(selector) {
  const link = document.querySelector(selector);
  if (link) link.click();
}

const actions = {
  j: () => (page === "alert" ? follow("a[data-key=j]") : move(1)),
  k: () => (page === "alert" ? follow("a[data-key=k]") : move(-1)),
  o: () => current && page !== "alert" && current.querySelector(".title a").click(),
  u: undo,
  n: () => open("note"),
  a: () => open("assign"),
  v: () => { const all = Array.from(document.querySelectorAll("details.fold")); const shut = all.some((one) => !one.open); for (const one of all) one.open = shut; },
  "]": () => follow("a[rel=next]"),
  "[": () => follow("a[rel=prev]"),
  "/": () => { const field = byId("queue-q") || document.querySelector(".find input"); if (field) { field.focus(); field.select(); } },
  g: () => follow("a[data-key=g], .brand"),
  "?": () => open("keys"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, select, textarea, dialog, [contenteditable]")) {
    if (event.key === "Escape" && event.target.matches("input, select")) event.target.blur();
    return;
  }
  if (event.key !== "?" && keys && !keys.checked) return;
  const action = actions[event.key] || (event.key === "Enter" && [current, document.body].includes(event.target) ? actions.o : null);
  const verdict = verdictOfKey[event.key];
  if (verdict) judge(page === "alert" ? document.querySelector("[data-alert]") : current, verdict);
  else if (action) action();
  else return;
  event.preventDefault();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.classList.contains("judge") && event.submitter) {
    const card = form.closest("[data-alert], [data-candidate]");
    event.preventDefault();
    if (card.classList.contains("alert")) select(card, true);
    judge(card, event.submitter.value);
  } else if ("inline" in form.dataset) {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    delete fields.token;
    delete fields.back;
    form.closest("dialog").close();
    send(form.getAttribute("action"), fields, current);
    if (current) current.focus({ preventScroll: true });
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) open(opener.dataset.opens);
  if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  const card = event.target.closest(CARD);
  if (card) select(card, true);
});

document.addEventListener("focusin", (event) => {
  const card = event.target.closest(CARD);
  if (card && card !== current) select(card, true);
});

const undoButton = byId("undo");
if (undoButton) undoButton.addEventListener("click", undo);
for (const one of document.querySelectorAll("[data-opens]")) one.hidden = false;

const keys = byId("keys-on");
if (keys) {
  try { // a browser that keeps nothing keeps the keys on
    keys.checked = localStorage.getItem("keys") !== "off";
    keys.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "on" : "off"));
  } catch { keys.checked = true; }
}

// On a phone the filters stand above the queue: folded until asked for.
const filters = document.querySelector("details[data-folds]");
if (filters && matchMedia("(max-width: 52rem)").matches) filters.open = false;

if (page === "alert") current = document.querySelector("[data-alert]");
else {
  const wanted = /^#[ac]-/.test(location.hash) && byId(location.hash.slice(1));
  const first = wanted || cards().find((card) => !card.classList.contains("done")) || cards()[0];
  if (isList && first) select(first, !wanted);
}
document.documentElement.dataset.ready = "yes";
