/** The layer of boxes over a page image: one SVG in the page's own pixels, so that zoom and rotation need no arithmetic. */

import type { Box, Size } from "./geometry";
import type { Word } from "./pages";

const SVG = "http://www.w3.org/2000/svg";
/** Words that the engine was less sure of than this are drawn apart. */
const SURE = 0.6;

export class BoxLayer {
  readonly element = document.createElement("div");
  readonly #words = createGroup("word-boxes");
  readonly #marks = createGroup("mark-boxes");
  readonly #shown = createGroup("shown-boxes");

  constructor(page: Size) {
    this.element.className = "box-layer";
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
    svg.setAttribute("preserveAspectRatio", "none");
    // The words stand in the document's text already; a screen reader need not hear them again, one by one.
    svg.setAttribute("aria-hidden", "true");
    svg.append(this.#words, this.#marks, this.#shown);
    this.element.append(svg);
  }

  drawWords(words: readonly Word[]): void {
    this.#words.replaceChildren(
      ...words.map((word) => {
        const rectangle = createRectangle(word.box, word.confidence < SURE ? "word unsure" : "word");
        const title = document.createElementNS(SVG, "title");
        title.textContent = `${word.text} · ${Math.round(word.confidence * 100)} %`;
        rectangle.append(title);
        return rectangle;
      }),
    );
  }

  drawMarks(boxes: readonly Box[]): void {
    this.#marks.replaceChildren(...boxes.map((box) => createRectangle(box, "mark")));
  }

  drawShown(boxes: readonly Box[]): void {
    this.#shown.replaceChildren(...boxes.map((box) => createRectangle(box, "shown")));
  }

  showWords(visible: boolean): void {
    this.#words.classList.toggle("hidden", !visible);
  }
}

function createGroup(name: string): SVGGElement {
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("class", name);
  return group;
}

function createRectangle(box: Box, name: string): SVGRectElement {
  const rectangle = document.createElementNS(SVG, "rect");
  rectangle.setAttribute("class", name);
  rectangle.setAttribute("x", String(box[0]));
  rectangle.setAttribute("y", String(box[1]));
  rectangle.setAttribute("width", String(box[2] - box[0]));
  rectangle.setAttribute("height", String(box[3] - box[1]));
  return rectangle;
}
