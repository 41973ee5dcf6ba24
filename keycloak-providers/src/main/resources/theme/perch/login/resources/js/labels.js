// On Keycloak's page for a second factor, the labels name an element that does not exist. Then a screen reader does not
// say what to enter. Each label belongs to the input of its group.
document.addEventListener("DOMContentLoaded", () => {
  for (const label of document.querySelectorAll("label[for]")) {
    const input = label.closest("div:has(input[id])")?.querySelector("input[id]:not([type=hidden])");
    if (input && !document.getElementById(label.htmlFor)) label.htmlFor = input.id;
  }
});
