/** The buttons above the page image. */

import type { Labels } from "./labels";
import type { Page } from "./pages";

export interface Actions {
  showPage(number: number): void;
  zoom(factor: number): void;
  fit(): void;
  rotate(degrees: number): void;
  toggleWords(): void;
}

export class Toolbar {
  readonly element = document.createElement("div");
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #words: HTMLButtonElement;
  readonly #list = document.createElement("select");
  readonly #count: number;
  #page = 1;

  constructor(pages: readonly Page[], labels: Labels, actions: Actions) {
    this.#count = pages.length;
    this.element.className = "page-viewer-toolbar";
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", labels.toolbar);
    this.#previous = createButton("‹", labels.previous, () => actions.showPage(this.#page - 1));
    this.#next = createButton("›", labels.next, () => actions.showPage(this.#page + 1));
    this.#words = createButton(labels.boxesText, labels.boxes, () => actions.toggleWords());
    this.#fillList(pages, labels, actions);
    this.element.append(
      createGroup(this.#previous, this.#list, this.#next),
      createGroup(
        createButton("−", labels.zoomOut, () => actions.zoom(1 / 1.4)),
        createButton("+", labels.zoomIn, () => actions.zoom(1.4)),
        createButton(labels.fitText, labels.fit, () => actions.fit()),
      ),
      createGroup(
        createButton("↺", labels.left, () => actions.rotate(-90)),
        createButton("↻", labels.right, () => actions.rotate(90)),
      ),
      createGroup(this.#words),
    );
  }

  /** Set the buttons to the page now shown. */
  followPage(number: number): void {
    this.#page = number;
    this.#list.value = String(number);
    this.#previous.disabled = number === 1;
    this.#next.disabled = number === this.#count;
  }

  followWords(visible: boolean): void {
    this.#words.setAttribute("aria-pressed", String(visible));
  }

  #fillList(pages: readonly Page[], labels: Labels, actions: Actions): void {
    this.#list.setAttribute("aria-label", labels.page);
    this.#list.append(...pages.map((page, index) => new Option(page.title, String(index + 1))));
    this.#list.addEventListener("change", () => actions.showPage(Number(this.#list.value)));
  }
}

function createButton(text: string, label: string, act: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button"; // the viewer may stand inside a form, which it must not send
  button.textContent = text;
  button.title = label;
  button.setAttribute("aria-label", label);
  button.addEventListener("click", act);
  return button;
}

function createGroup(...controls: HTMLElement[]): HTMLElement {
  const group = document.createElement("span");
  group.className = "page-viewer-group";
  group.append(...controls);
  return group;
}
