/**
 * Starts a page viewer in each `.page-viewer` element of the page, and ties the rest of the page to the first of them:
 * an element with `data-show-page` (and `data-show-box`) moves it when it is clicked or gets the focus.
 */

import { parseBoxes } from "./geometry";
import { startKeys } from "./keys";
import { chooseLabels } from "./labels";
import { PageViewer } from "./page_viewer";
import { parseMarks, parsePageNumber, parsePages } from "./pages";
import "./viewer.css";

const viewers = new Map<Element, PageViewer>();

function startViewers(): void {
  for (const element of viewers.keys()) if (!element.isConnected) viewers.delete(element);
  for (const element of document.querySelectorAll<HTMLElement>(".page-viewer")) {
    if (!viewers.has(element)) viewers.set(element, startViewer(element));
  }
}

function startViewer(element: HTMLElement): PageViewer {
  const [first, ...others] = parsePages(element.dataset.pages ?? "");
  if (first === undefined) throw new Error("data-pages: no pages");
  const marks = parseMarks(element.dataset.marks);
  const viewer = new PageViewer(element, [first, ...others], marks, chooseLabels(document.documentElement.lang));
  viewer.showPage(parsePageNumber(element.dataset.start, viewer.count) ?? 1);
  return viewer;
}

function startPage(): void {
  startViewers();
  startKeys();
}

function findViewer(): PageViewer | undefined {
  for (const [element, viewer] of viewers) if (element.isConnected) return viewer;
  return undefined;
}

function showPlace(event: Event): void {
  const place = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-show-page]") : null;
  const viewer = findViewer();
  if (place === null || viewer === undefined) return;
  const number = parsePageNumber(place.dataset.showPage, viewer.count);
  if (number !== null) viewer.showPage(number, parseBoxes(place.dataset.showBox ?? ""));
}

function pressKey(event: KeyboardEvent): void {
  const viewer = findViewer();
  if (viewer === undefined || event.ctrlKey || event.metaKey) return;
  if (event.altKey && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
    event.preventDefault(); // elsewhere this leaves the page, and what was typed would be lost
    viewer.showPage(viewer.number + (event.key === "ArrowRight" ? 1 : -1));
  } else if (!event.altKey && event.key.toLowerCase() === "b" && !isTyping(event.target)) {
    event.preventDefault();
    viewer.toggleWords();
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select") !== null);
}

/**
 * OpenSeadragon adds a <style> with text, which `style-src 'self'` forbids, unless it finds its own already. This one belongs
 * to no language that the browser knows, so it is no style sheet; its rule stands in viewer.css.
 */
function forestallInlineStyle(): void {
  const style = document.createElementNS("sohoa", "style");
  style.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(style);
}

forestallInlineStyle();
document.addEventListener("click", showPlace);
document.addEventListener("focusin", showPlace);
document.addEventListener("keydown", pressKey);
document.addEventListener("htmx:load", startViewers);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startPage);
else startPage();
