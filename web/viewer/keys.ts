/**
 * The keyboard of the form beside the viewer: Ctrl+Enter presses the button that finishes the document, and an element
 * with `data-press-on-change` presses the button that it names. A field with `data-candidates` takes them one after the
 * other with the arrow keys, or from buttons with `data-fill` and `data-value`; one with `data-origin` notes in the field's origin
 * whose document the value was taken over from. The page begins at the first field that needs a hand.
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

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function controlOf(id: string | undefined): Control | null {
  const found = id === undefined ? null : document.getElementById(id);
  const fits = found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement || found instanceof HTMLSelectElement;
  return fits ? found : null;
}

/** Puts a value into a field as if it had been typed. */
function fill(input: Control, value: string): void {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
}

/** Pressed or clicked: when the field before loses the focus its help folds, and the button moves from under the mouse. */
function fillFromButton(event: MouseEvent): void {
  const button = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-fill]") : null;
  const input = controlOf(button?.dataset.fill);
  if (button === null || input === null) return;
  event.preventDefault();
  const origin = controlOf(input.id.replace("value-", "origin-"));
  if (origin !== null) origin.value = button.dataset.origin ?? "";
  fill(input, button.dataset.value ?? "");
}

/** Arrow down and up in a field with candidates: the next and the previous one. */
function stepThroughCandidates(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const input = event.target;
  if (step === undefined || !(input instanceof HTMLInputElement) || input.dataset.candidates === undefined) return;
  const candidates: unknown = JSON.parse(input.dataset.candidates);
  if (!Array.isArray(candidates) || candidates.length === 0) return;
  event.preventDefault();
  const at = candidates.indexOf(input.value);
  const next = at < 0 ? (step > 0 ? 0 : candidates.length - 1) : (at + step + candidates.length) % candidates.length;
  fill(input, String(candidates[next]));
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
  document.addEventListener("keydown", stepThroughCandidates);
  document.addEventListener("mousedown", fillFromButton);
  document.addEventListener("click", fillFromButton);
  document.addEventListener("change", pressOnChange);
  beginTyping();
}
