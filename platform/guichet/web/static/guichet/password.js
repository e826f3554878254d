// Comfort only: the server reads the rules and judges by itself.
const KINDS = {
  length: () => true,
  special: (mark) => !/[\p{L}\p{N}\p{M}]/u.test(mark),
  digits: (mark) => /\p{N}/u.test(mark),
  upper: (mark) => /\p{Lu}/u.test(mark),
  lower: (mark) => /\p{Ll}/u.test(mark),
};
KINDS.other = (mark) => !["special", "digits", "upper", "lower"].some((kind) => KINDS[kind](mark));
const POOLS = { special: 33, digits: 10, upper: 26, lower: 26, other: 26 };

// As tenant_apps/identity/domain/passwords.py: marks that follow from the one before count for nothing.
function strength(marks) {
  const pool = Object.entries(POOLS).reduce(
    (sum, [kind, size]) => sum + (marks.some(KINDS[kind]) ? size : 0),
    0,
  );
  const surprises = marks.filter(
    (mark, at) => at === 0 || Math.abs(mark.codePointAt(0) - marks[at - 1].codePointAt(0)) > 1,
  );
  const bits = surprises.length * Math.log2(pool || 1);
  if (bits < 45) return "weak";
  return bits < 70 ? "fair" : "strong";
}

function watch(rules) {
  const input = document.getElementById(rules.dataset.passwordRules);
  const verdict = rules.querySelector("[data-strength]");
  const follow = () => {
    const marks = Array.from(input.value);
    rules.querySelectorAll("[data-rule]").forEach((line) => {
      const met = marks.filter(KINDS[line.dataset.rule]).length >= Number(line.dataset.least);
      line.classList.toggle("met", met);
      line.querySelector("[data-standing]").textContent =
        marks.length ? ` (${met ? rules.dataset.met : rules.dataset.missing})` : "";
    });
    const words = marks.length ? `${verdict.dataset.words} ${rules.dataset[strength(marks)]}` : "";
    // Said again only when it changes: a screen reader would speak at each key.
    if (verdict.textContent !== words) verdict.textContent = words;
  };
  input.addEventListener("input", follow);
  // A page that comes back brings the field empty, or as the browser has kept it.
  window.addEventListener("pageshow", follow);
}

document.querySelectorAll("[data-password-rules]").forEach(watch);
