// A piece of work that tells one visitor from a thousand: a number is tried after the other until one fits, then the
// form goes on. PBKDF2 is computed by the browser outside of the page, which stays free. Without this file, or where
// the browser cannot, the page waits by hand.

const form = document.querySelector("[data-work]");
const text = new TextEncoder();

const written = (bytes) => [...new Uint8Array(bytes)].map((each) => each.toString(16).padStart(2, "0")).join("");

async function derived(number, salt, iterations) {
  const key = await crypto.subtle.importKey("raw", text.encode(number), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: text.encode(salt), iterations };
  return written(await crypto.subtle.deriveBits(how, key, 128));
}

async function answer({ salt, wanted, rounds, choices }) {
  const lanes = 4;
  for (let first = 0; first < Number(choices); first += lanes) {
    const numbers = Array.from({ length: lanes }, (_, each) => String(first + each));
    const found = await Promise.all(numbers.map((number) => derived(number, salt, Number(rounds))));
    if (found.includes(wanted)) {
      return numbers[found.indexOf(wanted)];
    }
  }
  throw new Error("no number fits");
}

function show(byItself) {
  form.querySelector("[data-work-by-itself]").hidden = !byItself;
  form.querySelector("[data-work-by-hand]").hidden = byItself;
}

if (form && globalThis.crypto?.subtle) {
  show(true);
  answer(form.dataset).then(
    (number) => {
      form.elements.reponse.value = number;
      form.submit();
    },
    () => show(false),
  );
}
