/** What the server hands to the viewer: pages, marks and words, checked as they come in. */

import { type Box, isBox, type Size } from "./geometry";

export interface Page extends Size {
  /** Address of the page image. */
  readonly image: string;
  /** Address of its words as JSON; empty where the page has none. */
  readonly wordsUrl: string;
  readonly title: string;
  /** Degrees clockwise that make the page upright. */
  readonly rotation: number;
}

export interface Word {
  readonly text: string;
  /** In 0..1. */
  readonly confidence: number;
  readonly box: Box;
}

/** Boxes to mark, by the page's place in the list (1 is the first). */
export type Marks = ReadonlyMap<number, readonly Box[]>;

/** Pages from `data-pages`. Throws an Error that names the page at fault. */
export function parsePages(json: string): Page[] {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list) || list.length === 0) throw new Error("data-pages: a list with at least one page is expected");
  return list.map((entry, index) => parsePage(entry, index + 1));
}

function parsePage(entry: unknown, number: number): Page {
  if (!isRecord(entry)) throw new Error(`data-pages: page ${number} is not an object`);
  const { image, width, height, words_url: wordsUrl, title, rotation } = entry;
  if (typeof image !== "string" || image === "") throw new Error(`data-pages: page ${number} has no image`);
  if (!isLength(width) || !isLength(height)) throw new Error(`data-pages: page ${number} has no width or height`);
  return {
    image,
    width,
    height,
    wordsUrl: typeof wordsUrl === "string" ? wordsUrl : "",
    title: typeof title === "string" && title !== "" ? title : String(number),
    rotation: typeof rotation === "number" && Number.isInteger(rotation / 90) ? rotation : 0,
  };
}

/** Marks from `data-marks`; no attribute, no marks. */
export function parseMarks(json: string | undefined): Marks {
  const marks = new Map<number, readonly Box[]>();
  const list: unknown = json ? JSON.parse(json) : [];
  if (!Array.isArray(list)) throw new Error("data-marks: a list is expected");
  for (const entry of list) {
    if (!isRecord(entry) || typeof entry.page !== "number" || !Array.isArray(entry.boxes)) continue;
    marks.set(entry.page, [...(marks.get(entry.page) ?? []), ...entry.boxes.filter(isBox)]);
  }
  return marks;
}

/** Words of a page; what is no word with a box is left out. */
export function parseWords(value: unknown): Word[] {
  if (!Array.isArray(value)) throw new Error("words: a list is expected");
  return value.flatMap((entry: unknown) => {
    if (!isRecord(entry) || typeof entry.text !== "string" || !isBox(entry.box)) return [];
    return [{ text: entry.text, confidence: typeof entry.confidence === "number" ? entry.confidence : 0, box: entry.box }];
  });
}

/** The page number from text, or null where there is no such page. */
export function parsePageNumber(text: string | undefined, count: number): number | null {
  const number = Number(text);
  return text && Number.isInteger(number) && number >= 1 && number <= count ? number : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLength(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}
