// On paper nothing is folded: browsers that do not know how to say so in a stylesheet open the cards meanwhile.
if (!CSS.supports("selector(::details-content)")) {
  const folded = () => document.querySelectorAll(".fold:not([open]), .more-printed:not([open])");
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...folded()];
    opened.forEach((card) => {
      card.open = true;
    });
  });
  addEventListener("afterprint", () => {
    opened.forEach((card) => {
      card.open = false;
    });
  });
}
