// Keeps an open chat in step with the service. Without it the page is a form and a button that looks again.

const one = (selector, root = document) => root.querySelector(selector);
const root = one("[data-chat]");
const words = root.dataset;
const log = one("[data-log]", root);
const list = one("[data-list]", root);
const line = one("[data-line]", root);
const form = one("[data-form]", root);
const field = form?.elements.namedItem("text");
const picker = form?.elements.namedItem("files");
const title = document.title;

const SOON = 3000, LATER = 12000, HIDDEN = 60000, LONGEST = 30000, IDLE_AFTER = 120000;
const MOST_FILE = 10 << 20, MOST_FILES = 20 << 20;

let last = Number(words.last);
let of = words.of;
let seen = 0;
let tag = "";
let timer = 0;
let isLooking = false;
let isSending = false;
let isOver = false;
let failures = 0;
let missed = 0;
let active = Date.now();

// What the service has not said that it has. Texts outlive a reload of this tab, files cannot.
const store = `chat ${words.say} ${words.mine}`;
const draft = `draft ${store}`;
let unsent = [];

function keep(name, text) {
  try {
    if (text) sessionStorage.setItem(name, text);
    else sessionStorage.removeItem(name);
  } catch { /* then it lives as long as the page */ }
}

function remember() {
  const kept = unsent.map(({ key, text, files }) => ({ key, text, files: files.length }));
  keep(store, kept.length ? JSON.stringify(kept) : "");
  draw();
}

function draw() {
  one("[data-unsent]", root).replaceChildren(...unsent.map((item) => {
    const row = document.createElement("li");
    row.className = "message mine";
    const add = (parent, name, className, text = "") => {
      const made = parent.appendChild(document.createElement(name));
      made.className = className;
      made.textContent = text;
      return made;
    };
    add(row, "span", "avatar tiny").ariaHidden = "true";
    const bubble = add(row, "div", "bubble");
    const by = add(bubble, "p", "by");
    add(by, "b", "", words.you);
    add(by, "span", "", failures ? words.waiting : words.sending);
    if (item.text) add(bubble, "p", "words", item.text);
    item.files.forEach((file) => add(bubble, "span", "small", file.name));
    return row;
  }));
  toEnd();
}

function forget(key) {
  const before = unsent.length;
  unsent = unsent.filter((item) => item.key !== key);
  if (unsent.length !== before) remember();
}

function giveBack(item, problem) {
  forget(item.key);
  field.value = [item.text, field.value].filter(Boolean).join("\n");
  tell(problem);
}

function tell(problem) {
  const box = one("[data-problem]", form);
  box.replaceChildren();
  if (problem) {
    const text = box.appendChild(document.createElement("p"));
    text.className = "error";
    text.textContent = problem;
  }
}

const toEnd = () => { log.scrollTop = log.scrollHeight; };
const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

// What the service answers: lines above those that are here, and how the chat stands.
async function take(answer) {
  if (answer.redirected) { isOver = true; line.textContent = words.out; throw new Error("signed out"); }
  if (answer.status === 304) return;
  if (answer.status === 403 || answer.status === 404) {
    isOver = true;
    // On the page that comes instead nobody would find what they have typed here.
    if (field?.value || unsent.length) line.textContent = words.gone;
    else location.reload();
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const part = one("[data-part]", new DOMParser().parseFromString(await answer.text(), "text/html"));
  if (!part) throw new Error("no part");
  const follows = isAtEnd();
  const moved = one("[data-moved]", part);
  if (moved) {
    const row = document.createElement("li");
    row.className = moved.className;
    row.append(...moved.childNodes);
    list.replaceChildren(row);
    last = seen = 0;
  }
  of = part.dataset.of;
  for (const row of [...one(":scope > ol", part).children]) {
    if (Number(row.id.slice(2)) <= last) continue;
    list.append(row);
    active = Date.now();
    one("[data-empty]", root).hidden = true;
    if (document.hidden && !row.matches(".mine")) document.title = `(${++missed}) ${title}`;
  }
  if (Number(part.dataset.last) >= last) {
    last = Number(part.dataset.last);
    tag = answer.headers.get("ETag") ?? "";
  }
  part.dataset.kept.split(" ").forEach(forget);
  const standing = one("[data-standing]", part), box = one("[data-standing-box]", root);
  if (standing && box && standing.innerHTML.trim() !== one("[data-standing]", box)?.innerHTML.trim()) {
    box.replaceChildren(standing);
  }
  if (follows) toEnd();
  noteSeen();
}

async function look() {
  clearTimeout(timer);
  if (isLooking || isOver) return;
  isLooking = true;
  try {
    const headers = { "X-Fragment": "1", ...(tag && { "If-None-Match": tag }) };
    await take(await fetch(`${words.chat}?after=${last}&of=${of}`, { headers, signal: AbortSignal.timeout(20000) }));
    calm();
  } catch { trouble(); }
  isLooking = false;
  plan();
  if (!failures) send();
}

function plan() {
  clearTimeout(timer);
  if (isOver) return;
  let pause = Date.now() - active < IDLE_AFTER ? SOON : LATER;
  // Many browsers that lost the same server do not come back in the same moment.
  if (failures) pause = Math.min(SOON * 2 ** (failures - 1), LONGEST) * (0.7 + 0.6 * Math.random());
  if (document.hidden) pause = Math.max(pause, HIDDEN);
  timer = setTimeout(look, pause);
}

function trouble() {
  failures += 1;
  if (!isOver && (failures > 1 || unsent.length)) line.textContent = words.lost;
  draw();
}

function calm() {
  if (!failures) return;
  failures = 0;
  if (!line.textContent) return;
  line.textContent = words.back;
  setTimeout(() => { if (line.textContent === words.back) line.textContent = ""; }, 5000);
}

// One after the other, so that they stand in the order in which they were written.
async function send() {
  if (isSending || isOver) return;
  isSending = true;
  while (unsent.length && !isOver) {
    const item = unsent[0];
    const body = new FormData();
    body.set("csrf_token", form.elements.namedItem("csrf_token").value);
    body.set("key", item.key);
    body.set("text", item.text);
    body.set("after", last);
    body.set("of", of);
    item.files.forEach((file) => body.append("files", file));
    try {
      const signal = AbortSignal.timeout(item.files.length ? 300000 : 20000);
      const answer = await fetch(words.say, { method: "POST", headers: { "X-Fragment": "1" }, body, signal });
      if (answer.status === 422) { giveBack(item, await answer.text()); continue; }
      if (answer.status === 400) { giveBack(item, words.refused); continue; }
      if (answer.status === 413) { giveBack(item, words.large); continue; }
      await take(answer);
      forget(item.key);
      calm();
    } catch {
      trouble();
      plan();
      break;
    }
  }
  isSending = false;
}

function noteSeen() {
  if (document.hidden || seen >= last || !one(".message:not(.mine)", list)) return;
  const number = last;
  const body = new FormData();
  body.set("csrf_token", one("input[name=csrf_token]", root).value);
  body.set("number", number);
  seen = number;
  fetch(words.seen, { method: "POST", headers: { "X-Fragment": "1" }, body, keepalive: true })
    .then((answer) => { if (!answer.ok) seen = 0; }, () => { seen = 0; });
}

function say() {
  const text = field.value.trim(), files = [...picker.files];
  tell("");
  if (!text && !files.length) return;
  const together = files.reduce((sum, file) => sum + file.size, 0);
  if (together > MOST_FILES || files.some((file) => file.size > MOST_FILE)) { tell(words.large); return; }
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  unsent.push({ key, text, files });
  field.value = "";
  picker.value = "";
  active = Date.now();
  remember();
  toEnd();
  field.focus();
  send();
}

function restore() {
  let kept = [];
  try {
    field.value ||= sessionStorage.getItem(draft) ?? "";
    kept = JSON.parse(sessionStorage.getItem(store) ?? "[]");
  } catch { /* nothing was kept */ }
  const known = words.kept.split(" ");
  for (const { key, text, files } of kept.filter((item) => !known.includes(item.key))) {
    if (!files) { unsent.push({ key, text, files: [] }); continue; }
    field.value = [field.value, text].filter(Boolean).join("\n");
    tell(words.choose);
  }
  remember();
}

function takeFiles(files) {
  const all = new DataTransfer();
  [...picker.files, ...files].forEach((file) => all.items.add(file));
  picker.files = all.files;
  one("[data-attach]", form).open = true;
}

if (form) {
  one("[data-keys]", form).hidden = false;
  // The window's own listener would let a form be sent only once.
  form.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); say(); });
  field.addEventListener("keydown", (event) => {
    active = Date.now();
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
    else say();
  });
  const box = one(".chat", root);
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  box.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    box.classList.add("drop");
  });
  box.addEventListener("dragleave", () => box.classList.remove("drop"));
  box.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    box.classList.remove("drop");
    takeFiles(event.dataTransfer.files);
    field.focus();
  });
  addEventListener("pagehide", () => keep(draft, field.value));
  addEventListener("beforeunload", (event) => {
    if (unsent.some((item) => item.files.length)) event.preventDefault();
  });
  restore();
}
root.querySelectorAll("[data-plain]").forEach((item) => { item.hidden = true; });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) { plan(); return; }
  missed = 0;
  document.title = title;
  noteSeen();
  look();
});
addEventListener("online", () => { failures = 0; look(); });
addEventListener("pageshow", (event) => { if (event.persisted) look(); });
toEnd();
noteSeen();
look();
