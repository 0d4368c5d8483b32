// What pages gain with a script. Every one of them works without it: forms post, links lead, menus open.
"use strict";

// After a refusal the summary of errors is read first.
function focusErrors(root) {
  const summary = root.querySelector("[data-ct-focus]");
  if (summary) summary.focus();
}

// A form marked data-ct-fragment="name" exchanges only [data-ct-name="name"] of the page.
// The answer is a whole page: whatever goes wrong here, the ordinary way is still there.
async function exchange(name, url, options) {
  const target = document.querySelector(`[data-ct-name="${CSS.escape(name)}"]`);
  if (!target) return false;
  target.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" }, ...options });
    const type = answer.headers.get("Content-Type") || "";
    if (!type.startsWith("text/html")) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(`[data-ct-name="${CSS.escape(name)}"]`);
    if (!fresh) return false;
    const focused = document.activeElement && target.contains(document.activeElement) ? document.activeElement.id : "";
    target.replaceWith(fresh);
    document.title = page.title;
    if (focused) document.getElementById(focused)?.focus();
    focusErrors(fresh);
    prepare(fresh);
    return answer.url;
  } catch {
    return false;
  } finally {
    target.removeAttribute("aria-busy");
  }
}

// What was typed and not sent, or sent and refused (data-ct-unsaved). Search forms (GET) and forms marked
// data-ct-free do not count; one marked data-ct-leaves has asked already.
const changed = new Set();
const counts = (form) => form.method === "post" && !form.hasAttribute("data-ct-free");

// One form, one sending: the button rests until the page is left or shown again.
const buttonsOf = (form) => [...form.elements].filter((e) => e.type === "submit");
function rest(form, resting) {
  form.toggleAttribute("data-ct-sent", resting);
  for (const button of buttonsOf(form)) button.toggleAttribute("disabled", resting);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.hasAttribute("data-ct-sent")) return event.preventDefault();
  const name = form.dataset.ctFragment;
  const pressed = event.submitter;
  const data = new FormData(form, pressed);
  if (form.hasAttribute("data-ct-leaves")) changed.clear();
  changed.delete(form);
  // Disabled only after the browser has gathered the fields, or the pressed button's value would be lost.
  if (form.method === "post") setTimeout(() => rest(form, true));
  if (!name) return;

  event.preventDefault();
  let done;
  if (form.method === "get") {
    const url = new URL(form.action);
    url.search = new URLSearchParams([...data].filter(([, value]) => value !== "")).toString();
    done = await exchange(name, url);
    if (done) history.replaceState(null, "", url);
    else location.assign(url);
  } else {
    done = await exchange(name, form.action, { method: "POST", body: data });
    rest(form, false);
    // The act key in the form makes a second sending harmless.
    if (!done) { form.removeAttribute("data-ct-fragment"); form.requestSubmit(pressed); }
  }
});

// A form marked data-ct-live="address" shows what the rules say of it while it is filled in, and saves nothing.
let live;
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.dataset.ctLive) return;
  clearTimeout(live);
  live = setTimeout(() => exchange("rules", form.dataset.ctLive, { method: "POST", body: new FormData(form) }), 150);
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && counts(form)) changed.add(form);
});
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-ct-sent]").forEach((form) => rest(form, false)));

// Menus close with Escape and when one turns elsewhere.
const menus = () => document.querySelectorAll("details.ct-me[open], details.ct-menu[open], details.ct-chip-menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

// The server's refusals, in the reader's language and beside the field, instead of the browser's bubbles.
function prepare(root) {
  root.querySelectorAll("form[method=post]").forEach((form) => { form.noValidate = true; });
  root.querySelectorAll("form[data-ct-unsaved]").forEach((form) => changed.add(form));
}

prepare(document);
focusErrors(document);
