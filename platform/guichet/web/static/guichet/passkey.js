// The dialogue between a form and the device that holds passkeys. The server asks, the device answers, the form posts.
// Without this file the sentence about another way is all there is.

const JSON_FIELDS = {
  create: ["attestationObject", "clientDataJSON"],
  get: ["authenticatorData", "clientDataJSON", "signature", "userHandle"],
};

function toBytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (mark) => mark.charCodeAt(0));
}

function toText(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// What the server wrote as text the device wants as bytes.
function readable(options) {
  const described = (each) => ({ ...each, id: toBytes(each.id) });
  return {
    ...options,
    challenge: toBytes(options.challenge),
    ...(options.user && { user: described(options.user) }),
    ...(options.excludeCredentials && {
      excludeCredentials: options.excludeCredentials.map(described),
    }),
    ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map(described) }),
  };
}

function written(credential, does) {
  const parts = JSON_FIELDS[does].filter((name) => credential.response[name]);
  const response = Object.fromEntries(
    parts.map((name) => [name, toText(credential.response[name])]),
  );
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
  });
}

async function answer(form) {
  const { passkey: does, asks } = form.dataset;
  const asked = await fetch(asks, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!asked.ok || asked.redirected) {
    throw new Error("not asked");
  }
  const publicKey = readable(await asked.json());
  return written(await navigator.credentials[does]({ publicKey }), does);
}

// NotAllowedError is also what a person gets who has no passkey here, or who waits too long: the browser does not say.
function why(error, words) {
  if (error.name === "InvalidStateError") return words.already;
  return error.name === "NotAllowedError" || error.name === "AbortError" ? words.stopped : words.failed;
}

function offer(form) {
  const button = form.querySelector("[data-passkey-on]");
  const said = form.querySelector("[data-passkey-said]");
  const held = form.querySelector("[name=credential]");
  form.querySelector("[data-passkey-off]").hidden = true;
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (held.value) return;
    event.preventDefault();
    button.disabled = true;
    said.hidden = true;
    try {
      held.value = await answer(form);
      form.submit();
    } catch (error) {
      said.textContent = why(error, form.dataset);
      said.hidden = false;
      button.disabled = false;
    }
  });
}

if (window.PublicKeyCredential && navigator.credentials) {
  document.querySelectorAll("[data-passkey]").forEach(offer);
}
// Back from the next page: what was answered has served.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
