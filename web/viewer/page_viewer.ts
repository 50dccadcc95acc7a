/** The page viewer: one page image at a time, with its boxes over it. */

import OpenSeadragon from "openseadragon";

import { type Box, encloseBoxes, frameBox, type Rectangle, scaleToView, turn } from "./geometry";
import type { Labels } from "./labels";
import { BoxLayer } from "./layer";
import { type Marks, type Page, parseWords, type Word } from "./pages";
import { Toolbar } from "./toolbar";

const WORDS_KEY = "sohoa-word-boxes";

export class PageViewer {
  readonly #element: HTMLElement;
  readonly #pages: readonly Page[];
  readonly #marks: Marks;
  readonly #labels: Labels;
  readonly #toolbar: Toolbar;
  readonly #status = document.createElement("p");
  readonly #canvas: OpenSeadragon.Viewer;
  readonly #words = new Map<number, Promise<Word[]>>();
  #layer: BoxLayer;
  #number = 0;
  #opened = false;
  #shown: readonly Box[] = [];
  #wordsVisible = sessionStorage.getItem(WORDS_KEY) === "on";

  /** Builds the viewer inside `element`. `pages` has at least one page. */
  constructor(element: HTMLElement, pages: readonly [Page, ...Page[]], marks: Marks, labels: Labels) {
    this.#element = element;
    this.#pages = pages;
    this.#marks = marks;
    this.#labels = labels;
    this.#layer = new BoxLayer(pages[0]);
    this.#toolbar = new Toolbar(pages, labels, {
      showPage: (number) => this.showPage(number),
      zoom: (factor) => void this.#canvas.viewport.zoomBy(factor),
      fit: () => void this.#canvas.viewport.goHome(),
      rotate: (degrees) => this.#rotate(degrees),
      toggleWords: () => this.toggleWords(),
    });
    this.#toolbar.followWords(this.#wordsVisible);
    this.#canvas = openCanvas(this.#buildStage());
    this.#canvas.addHandler("open", () => this.#placeLayer());
    this.#canvas.addHandler("open-failed", () => this.#report("failed", labels.imageFailed));
  }

  /** The page now shown; 1 is the first. */
  get number(): number {
    return this.#number;
  }

  get count(): number {
    return this.#pages.length;
  }

  /** Turn to a page and, where boxes are given, to them. A page that is not there changes nothing. */
  showPage(number: number, boxes: readonly Box[] = []): void {
    const page = this.#pages[number - 1];
    if (page === undefined) return;
    this.#shown = boxes;
    if (number === this.#number) {
      this.#layer.drawShown(boxes);
      if (this.#opened) this.#moveToShown(false);
      return;
    }
    this.#number = number;
    this.#opened = false;
    this.#toolbar.followPage(number);
    this.#report("loading", "");
    this.#canvas.clearOverlays();
    this.#layer = this.#drawLayer(page, number);
    this.#canvas.open({ tileSource: { type: "image", url: page.image } });
  }

  toggleWords(): void {
    this.#wordsVisible = !this.#wordsVisible;
    sessionStorage.setItem(WORDS_KEY, this.#wordsVisible ? "on" : "off");
    this.#layer.showWords(this.#wordsVisible);
    this.#toolbar.followWords(this.#wordsVisible);
  }

  #buildStage(): HTMLElement {
    const stage = document.createElement("div");
    stage.className = "page-viewer-stage";
    this.#status.className = "page-viewer-status";
    this.#status.setAttribute("role", "status");
    this.#element.setAttribute("role", "region");
    this.#element.setAttribute("aria-label", this.#labels.viewer);
    this.#element.replaceChildren(this.#toolbar.element, stage, this.#status);
    return stage;
  }

  #drawLayer(page: Page, number: number): BoxLayer {
    const layer = new BoxLayer(page);
    layer.showWords(this.#wordsVisible);
    layer.drawMarks(this.#marks.get(number) ?? []);
    layer.drawShown(this.#shown);
    void this.#loadWords(page, number).then(
      (words) => layer.drawWords(words),
      () => {
        this.#words.delete(number); // so that turning back to the page tries again
        if (this.#layer === layer) this.#status.textContent = this.#labels.wordsFailed;
      },
    );
    return layer;
  }

  #loadWords(page: Page, number: number): Promise<Word[]> {
    let words = this.#words.get(number);
    if (words === undefined) {
      words = page.wordsUrl === "" ? Promise.resolve([]) : fetchWords(page.wordsUrl);
      this.#words.set(number, words);
    }
    return words;
  }

  #placeLayer(): void {
    const page = this.#pages[this.#number - 1];
    if (page === undefined) return;
    this.#opened = true;
    const whole = scaleToView({ x: 0, y: 0, width: page.width, height: page.height }, page);
    this.#canvas.addOverlay({ element: this.#layer.element, location: toRect(whole) });
    this.#canvas.viewport.setRotation(page.rotation, true);
    this.#canvas.viewport.goHome(true);
    this.#moveToShown(true);
    this.#report("ready", this.#labels.shown(page.title, this.#pages.length));
    this.#element.dispatchEvent(new CustomEvent("page-shown", { bubbles: true, detail: { page: this.#number } }));
  }

  #moveToShown(immediately: boolean): void {
    const page = this.#pages[this.#number - 1];
    const box = encloseBoxes(this.#shown);
    if (page === undefined || box === null) return;
    this.#canvas.viewport.fitBounds(toRect(scaleToView(frameBox(box, page), page)), immediately);
  }

  #rotate(degrees: number): void {
    const { viewport } = this.#canvas;
    viewport.setRotation(turn(viewport.getRotation(), degrees), true);
    viewport.goHome(true);
  }

  #report(state: "loading" | "ready" | "failed", message: string): void {
    this.#element.dataset.state = state;
    this.#element.dataset.page = String(this.#number);
    this.#status.textContent = message;
  }
}

function openCanvas(stage: HTMLElement): OpenSeadragon.Viewer {
  return OpenSeadragon({
    element: stage,
    drawer: "canvas",
    showNavigationControl: false,
    animationTime: 0.3,
    visibilityRatio: 0.3,
    minZoomImageRatio: 0.8,
    maxZoomPixelRatio: 4,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true },
  });
}

async function fetchWords(address: string): Promise<Word[]> {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return parseWords(await response.json());
}

function toRect(area: Rectangle): OpenSeadragon.Rect {
  return new OpenSeadragon.Rect(area.x, area.y, area.width, area.height);
}
