// Warns before the session ends, and leaves nothing on the screen once it has. The server decides: this only tells.

const WARNING = 60;
// The server ends a session a moment after its last second.
const GRACE = 2;

const dialog = document.querySelector("[data-stay]");
const part = (name) => dialog.querySelector(`[data-stay-${name}]`);
const other = "BroadcastChannel" in window ? new BroadcastChannel("guichet-stay") : null;
const later = (seconds) => Date.now() + seconds * 1000;

let idleEnds = later(Number(dialog.dataset.idle));
const absoluteEnds = later(Number(dialog.dataset.absolute));
let understood = false;

const left = () => Math.ceil((Math.min(idleEnds, absoluteEnds) - Date.now()) / 1000);
// As soon as half of a very short time is gone, one minute before otherwise.
const warnsAt = Math.min(WARNING, Math.max(1, Math.floor(Number(dialog.dataset.idle) / 2)));

function leave() {
  clearInterval(clock);
  document.body.replaceChildren();
  document.title = "";
  location.replace(dialog.dataset.door);
}

function open() {
  const aged = absoluteEnds <= idleEnds;
  part("idle").hidden = aged;
  part("absolute").hidden = !aged;
  part("form").hidden = aged;
  part("understood").hidden = !aged;
  dialog.showModal();
  part(aged ? "title" : "go-on").focus();
}

function tick() {
  const seconds = left();
  if (seconds <= -GRACE) {
    leave();
  } else if (seconds > warnsAt) {
    understood = false;
    if (dialog.open) {
      dialog.close();
    }
  } else {
    if (!dialog.open && !understood) {
      open();
    }
    const words = seconds === 1 ? dialog.dataset.second : dialog.dataset.seconds;
    part("left").textContent = words.replace("{count}", Math.max(0, seconds));
  }
}

function goOn(seconds) {
  idleEnds = later(seconds);
  tick();
}

part("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (answer?.ok) {
    const { idle } = await answer.json();
    other?.postMessage(idle);
    goOn(idle);
  } else if (answer) {
    leave();
  }
});

// Noted at the press: the event that tells of a closed dialog comes later, and a tick between the two would open it again.
part("understood").addEventListener("submit", () => {
  understood = true;
});

// Escape closes what one has read; it is no answer to « are you there? ».
dialog.addEventListener("cancel", (event) => {
  if (part("form").hidden) {
    understood = true;
  } else {
    event.preventDefault();
  }
});

// Another page of the same space was opened meanwhile: the session goes on.
other?.addEventListener("message", (event) => goOn(event.data));
other?.postMessage(Number(dialog.dataset.idle));

// A computer that slept, or a page that comes back from the browser's memory, has lost no time to look.
for (const moment of ["visibilitychange", "pageshow"]) {
  addEventListener(moment, tick);
}
const clock = setInterval(tick, 1000);
tick();
