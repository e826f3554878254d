// Comforts only: every page does all of its work without this file.

const HOUR = 3600;

function offerReveal(field) {
  const input = field.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "field-reveal";
  const say = () => {
    const shown = input.type === "text";
    button.textContent = shown ? field.dataset.hide : field.dataset.show;
    button.setAttribute("aria-label", `${button.textContent}, ${field.dataset.what}`);
  };
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    say();
  });
  // A secret shown must never be sent as text: browsers remember what was typed in text fields.
  input.form.addEventListener("submit", () => {
    input.type = "password";
  });
  say();
  const frame = document.createElement("span");
  frame.className = "field-with";
  input.replaceWith(frame);
  frame.append(input, button);
}

// A text that is typed elsewhere: a button puts it on the clipboard, and says so in its own words.
function offerCopy(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet button-small";
  button.textContent = text.dataset.copyLabel;
  const said = document.createElement("span");
  said.className = "muted";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.dataset.copy);
    said.textContent = text.dataset.copied;
  });
  const line = document.createElement("p");
  line.className = "actions";
  line.append(button, said);
  text.after(line);
}

// The seconds of a wait. A screen reader hears its beginning and its end, not each second between.
function countDown(notice) {
  const words = notice.querySelector("[aria-live]");
  const end = Date.now() + notice.dataset.countdown * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    if (left === 0) {
      clearInterval(clock);
      words.parentElement.textContent = notice.dataset.over;
    } else if (left < HOUR) {
      const minutes = Math.floor(left / 60);
      words.textContent = `${minutes ? `${minutes}\u00a0min ` : ""}${left % 60}\u00a0s`;
    }
  };
  const clock = setInterval(tick, 1000);
}

// The field itself has no room for the whole name of a file on a phone.
function nameFile(frame) {
  const words = frame.querySelector("[aria-hidden] > span");
  const invitation = words.textContent;
  const input = frame.querySelector("input");
  input.addEventListener("change", () => {
    words.textContent = input.files[0]?.name ?? invitation;
  });
}

// A line of links that slides begins at the current one. The page itself must not move.
function bringIntoSight(link) {
  const line = link.closest("ul");
  const middle = link.getBoundingClientRect().left + link.offsetWidth / 2;
  line.scrollLeft += middle - line.getBoundingClientRect().left - line.clientWidth / 2;
}

document.querySelectorAll("[data-reveal]").forEach(offerReveal);
document.querySelectorAll(".drop").forEach(nameFile);
document.querySelectorAll("[data-countdown]").forEach(countDown);
if (navigator.clipboard) {
  document.querySelectorAll("[data-copy]").forEach(offerCopy);
}
document.querySelectorAll(".bar-menu [aria-current], .tabs [aria-current]").forEach(bringIntoSight);
document.querySelectorAll("[data-focus]").forEach((summary) => summary.focus());

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
