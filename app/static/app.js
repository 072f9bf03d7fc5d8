// Makes pages quicker; every page works without it.

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function say(text) {
  const toast = one("[data-toast]");
  toast.textContent = text;
  setTimeout(() => { if (toast.textContent === text) toast.textContent = ""; }, 6000);
}

// An error summary gets the focus, so that it is read first.
one("[data-summary]")?.focus();

// Forms are sent once: the second press of a button does nothing.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-hours]")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
});
// A page that Back brings up again may be sent again.
addEventListener("pageshow", () => all("[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
}));

// Copy buttons exist only where copying can work.
all("[data-copy]").forEach((button) => {
  const field = document.getElementById(button.dataset.copy);
  if (!field || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    say(button.dataset.done);
  });
});

// The booking week: one Tab stop a day, arrows inside. Days without times are skipped.
function week(form) {
  const days = all(".day", form).map((day) => all(".slot", day)).filter((slots) => slots.length);
  if (!days.length) return;
  const stop = (slots, at) => slots.forEach((slot, index) => { slot.tabIndex = index === at ? 0 : -1; });
  days.forEach((slots) => stop(slots, 0));
  const keys = one("[data-keys]");
  const text = one("[data-keys-text]");
  if (keys && text) keys.textContent = text.content.textContent;

  const nearest = (slots, slot) => {
    const wanted = minutes(slot);
    return slots.reduce((best, item) =>
      Math.abs(minutes(item) - wanted) < Math.abs(minutes(best) - wanted) ? item : best);
  };
  form.addEventListener("focusin", (event) => {
    const slots = days.find((items) => items.includes(event.target));
    if (slots) stop(slots, slots.indexOf(event.target));
  });
  form.addEventListener("keydown", (event) => {
    const column = days.findIndex((items) => items.includes(event.target));
    if (column < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const slots = days[column];
    const row = slots.indexOf(event.target);
    const goal = {
      ArrowUp: () => slots[row - 1],
      ArrowDown: () => slots[row + 1],
      ArrowLeft: () => days[column - 1] && nearest(days[column - 1], event.target),
      ArrowRight: () => days[column + 1] && nearest(days[column + 1], event.target),
      Home: () => slots[0],
      End: () => slots.at(-1),
      PageUp: () => one("[data-previous]"),
      PageDown: () => one("[data-next]"),
    }[event.key];
    if (!goal) return;
    event.preventDefault();
    const target = goal();
    if (event.key.startsWith("Page")) target?.click(); else target?.focus();
  });
}
// Wall-clock minutes as written on the slot: "15:30", "3:30 pm".
function minutes(slot) {
  const [, hour, minute, half] = /(\d+)\D(\d+)\s*(\w*)/.exec(one("b", slot).textContent) ?? [0, 0, 0, ""];
  return (Number(hour) % (half ? 12 : 24)) * 60 + Number(minute) + (/^p/i.test(half) ? 720 : 0);
}
all("[data-week]").forEach(week);

// A fragment that still waits names its own address and is asked again until it no longer does.
async function fetchText(url, options) {
  const answer = await fetch(url, { headers: { "X-Fragment": "1" }, ...options });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer.text();
}
// With a number in it, it changes with the time and is asked for every so many seconds.
function refresh(box) {
  const every = Number(box.dataset.fragment) * 1000;
  let wait = every || 1500;
  let known = "";
  const look = async () => {
    const url = one("[data-refresh]", box)?.dataset.refresh;
    if (!url) return;
    // Never swapped under somebody's hands: a focused control inside waits for the next round.
    if (document.visibilityState === "visible" && !box.contains(document.activeElement)) {
      try {
        const text = await fetchText(url);
        if (text !== known) swap(text);
      } catch { wait = Math.max(wait, 10000); }
    }
    wait = every || Math.min(wait * 1.4, 30000);
    setTimeout(look, wait);
  };
  const swap = (text) => {
    const before = one("[data-title]", box)?.textContent;
    const news = one("[data-say]", box)?.textContent;
    const first = known === "";
    known = text;
    const state = one("[data-state]", box)?.dataset.state;
    const next = new DOMParser().parseFromString(text, "text/html").body;
    if (first && one("[data-state]", next)?.dataset.state === state && one("[data-refresh]", next)) return;
    box.replaceChildren(...next.childNodes);
    const said = one("[data-say]", box)?.textContent;
    if (said && said !== news) say(said);
    const title = one("[data-title]", box)?.textContent;
    if (title && title !== before) {
      document.title = document.title.replace(/^.* – /, `${title} – `);
      say(title);
    }
  };
  setTimeout(look, wait);
}
all("[data-fragment]").forEach(refresh);

// A page that waits for an answer is loaded again when it has come.
all("[data-watch]").forEach((box) => {
  const look = async () => {
    let pause = 1000;
    try {
      if (!(await fetchText(box.dataset.watch)).includes("data-watch")) { location.reload(); return; }
    } catch { pause = 10000; }
    setTimeout(look, pause);
  };
  setTimeout(look, 500);
});

// The availability preview follows what is typed.
function preview(form) {
  const box = one("[data-preview]", form);
  all("[data-plain]", form).forEach((button) => { button.hidden = true; });
  let timer = 0;
  let round = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++round;
      const body = new URLSearchParams(new FormData(form));
      body.set("do", "preview");
      try {
        const text = await fetchText(form.dataset.previewUrl, { method: "POST", body });
        if (mine !== round) return;
        const focused = document.activeElement?.id;
        box.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
        if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
      } catch { /* the button shows the result on a page of its own */
        all("[data-plain]", form).forEach((button) => { button.hidden = false; });
      }
    }, 400);
  });
}
all("[data-hours]").forEach(preview);
