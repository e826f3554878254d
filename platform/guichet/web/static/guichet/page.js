// Comforts only: every page does all of its work without this file.

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

document.querySelectorAll("[data-reveal]").forEach(offerReveal);
document.querySelectorAll("[data-focus]").forEach((summary) => summary.focus());
