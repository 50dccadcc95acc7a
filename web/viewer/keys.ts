/**
 * The keyboard of the form beside the viewer: Ctrl+Enter presses the button that finishes the document, and an element
 * with `data-press-on-change` presses the button that it names. The page begins at the first field that needs a hand.
 */

const FIRST = ".field.fault, .field.needed";

function finish(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "Enter") return;
  const button = document.querySelector<HTMLButtonElement>("#finish");
  if (button === null || button.disabled) return;
  event.preventDefault();
  button.click();
  button.disabled = true; // a key held down would send the form twice
}

function pressOnChange(event: Event): void {
  const changed = event.target instanceof HTMLElement ? event.target.dataset.pressOnChange : undefined;
  if (changed !== undefined) document.getElementById(changed)?.click();
}

/** The first field at fault or to be typed; without one, the first field. */
function beginTyping(): void {
  const form = document.querySelector<HTMLFormElement>("form.work");
  if (form === null || form.dataset.mode === "read") return;
  const field = form.querySelector(FIRST) ?? form.querySelector("fieldset .field");
  field?.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")?.focus();
}

/** Called once the viewer stands, so that the first focus already moves it. */
export function startKeys(): void {
  document.addEventListener("keydown", finish);
  document.addEventListener("change", pressOnChange);
  beginTyping();
}
