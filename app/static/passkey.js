// Passkeys: asks the server for a challenge, the browser for an answer, and sends it with the form.
// Pages that offer them work without: the form of the code stays, and this one is not seen.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const described = (list) => (list ?? []).map((item) => ({ ...item, id: bytes(item.id) }));

function asked(kind, options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (kind === "create") {
    publicKey.user = { ...options.user, id: bytes(options.user.id) };
    publicKey.excludeCredentials = described(options.excludeCredentials);
  } else {
    publicKey.allowCredentials = described(options.allowCredentials);
  }
  return navigator.credentials[kind]({ publicKey });
}

function answered(credential) {
  const given = credential.response;
  const response = { clientDataJSON: text(given.clientDataJSON) };
  if (given.attestationObject) {
    response.attestationObject = text(given.attestationObject);
    response.transports = given.getTransports?.() ?? [];
  } else {
    response.authenticatorData = text(given.authenticatorData);
    response.signature = text(given.signature);
    if (given.userHandle) response.userHandle = text(given.userHandle);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function prove(form) {
  const token = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body: token });
  // Too late, or it wants a fresh sign-in first: the page itself says what is to be done.
  if (answer.redirected || answer.status === 410) { location.reload(); return; }
  if (!answer.ok) throw new Error(String(answer.status));
  form.elements.credential.value = answered(await asked(form.dataset.passkey, await answer.json()));
  form.submit();
}

function offer(form) {
  const problem = form.querySelector("[data-problem]");
  let isBusy = false;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // Not for app.js: this form is sent below, and may be tried again.
    event.stopPropagation();
    if (isBusy) return;
    isBusy = true;
    problem.hidden = true;
    try { await prove(form); } catch { problem.hidden = false; }
    isBusy = false;
  });
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-passkey]").forEach(offer);
  document.querySelectorAll("[data-no-passkeys]").forEach((words) => { words.hidden = true; });
}
