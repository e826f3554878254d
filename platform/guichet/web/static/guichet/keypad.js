// The keypad over a plain PIN field: what is posted is where the keys lie, never which digits they bear.
// Without this file the plain field is all there is.

const ROW = 5;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -ROW, ArrowDown: ROW };
const CHOICE = "guichet.keypad";

// A browser that keeps nothing forgets the choice; the keypad works all the same.
function remembered() {
  try {
    return sessionStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

function remember(choice) {
  try {
    sessionStorage.setItem(CHOICE, choice);
  } catch {
    // As above.
  }
}

// The digit of a physical key. On a French keyboard the row of digits gives letters unless Shift is held.
function digitOf(event) {
  return /^\d$/.test(event.key) ? event.key : /^Digit(\d)$/.exec(event.code)?.[1];
}

function offerKeypad(pad) {
  const twins = pad.parentElement;
  const plain = twins.querySelector("[data-keypad-plain]");
  const input = plain.querySelector("input");
  const positions = twins.querySelector("[data-keypad-positions]");
  const said = pad.querySelector("[data-keypad-said]");
  const dots = pad.querySelector("[data-keypad-dots]");
  const keys = [...pad.querySelectorAll("[data-position]")];
  const length = Number(pad.dataset.length);
  const plural = new Intl.PluralRules(document.documentElement.lang);
  let typed = [];

  for (let each = 0; each < length; each += 1) {
    dots.append(Object.assign(document.createElement("span"), { className: "keypad-dot" }));
  }

  const show = () => {
    [...dots.children].forEach((dot, at) => dot.classList.toggle("keypad-typed", at < typed.length));
    const words = plural.select(typed.length) === "one" ? pad.dataset.saidOne : pad.dataset.saidOther;
    said.textContent = words.replace("{count}", typed.length).replace("{length}", length);
  };
  const type = (key) => {
    if (typed.length < length) {
      typed.push(key.dataset.position);
      show();
    }
  };
  const erase = () => {
    typed.pop();
    show();
  };
  const use = (choice) => {
    pad.hidden = choice === "plain";
    plain.hidden = !pad.hidden;
    typed = [];
    show();
  };
  const send = () => [...input.form.elements].find((each) => each.type === "submit")?.click();

  keys.forEach((key) => key.addEventListener("click", () => type(key)));
  pad.querySelector("[data-keypad-erase]").addEventListener("click", erase);
  twins.querySelectorAll("[data-keypad-use]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const choice = button.dataset.keypadUse;
      use(choice);
      remember(choice);
      (choice === "plain" ? input : keys[0]).focus();
    });
  });

  pad.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const digit = digitOf(event);
    const at = keys.indexOf(event.target);
    const next = keys[at + STEPS[event.key]];
    if (digit !== undefined) {
      type(keys.find((key) => key.textContent === digit));
    } else if (event.key === "Backspace" || event.key === "Delete") {
      erase();
    } else if (at >= 0 && next) {
      next.focus();
    } else if (at >= 0 && event.key === "Enter" && typed.length === length) {
      // Complete, a key has nothing left to type: Enter sends, as in a field.
      send();
    } else {
      return;
    }
    event.preventDefault();
  });

  // A password manager has filled the field that does not show: show it.
  input.addEventListener("input", () => {
    if (plain.hidden && typed.length === 0 && input.value) {
      use("plain");
    }
  });
  // The summary of errors leads to the field by its id.
  document.addEventListener("click", (event) => {
    if (plain.hidden && event.target.closest(`a[href="#${input.id}"]`)) {
      event.preventDefault();
      keys[0].focus();
    }
  });
  // One of the two is sent, never both. The browser must not ask for a field that does not show.
  input.form.noValidate = true;
  input.form.addEventListener("submit", () => {
    positions.value = typed.join(",");
    if (typed.length > 0) {
      input.value = "";
    }
  });
  use(remembered() === "plain" || input.value ? "plain" : "keys");
}

document.querySelectorAll("[data-keypad]").forEach(offerKeypad);
