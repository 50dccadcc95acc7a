/** Boxes on a page: integers in pixels of the page image as stored, before any turning. */

export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** Whether the value is four finite numbers that enclose an area. */
export function isBox(value: unknown): value is Box {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    value.every((part) => typeof part === "number" && Number.isFinite(part)) &&
    (value[0] as number) < (value[2] as number) &&
    (value[1] as number) < (value[3] as number)
  );
}

/** Boxes written as "x0,y0,x1,y1", several with ";" between them. What is not a box is left out. */
export function parseBoxes(text: string): Box[] {
  return text
    .split(";")
    .filter((part) => part.trim() !== "")
    .map((part) => part.split(",").map((number) => (number.trim() === "" ? NaN : Number(number))))
    .flatMap((numbers: unknown) => (isBox(numbers) ? [numbers] : []));
}

/** The smallest box around all of them; null for none. */
export function encloseBoxes(boxes: readonly Box[]): Box | null {
  const [first, ...others] = boxes;
  if (first === undefined) return null;
  return others.reduce<Box>(
    (sum, box) => [
      Math.min(sum[0], box[0]),
      Math.min(sum[1], box[1]),
      Math.max(sum[2], box[2]),
      Math.max(sum[3], box[3]),
    ],
    first,
  );
}

/**
 * The part of the page to look at for a box: the box in its middle with enough around it to read it in its place (half of
 * the page's width and a sixth of its height at least), kept inside the page.
 */
export function frameBox(box: Box, page: Size): Rectangle {
  const width = Math.min(page.width, Math.max((box[2] - box[0]) * 1.2, page.width / 2));
  const height = Math.min(page.height, Math.max((box[3] - box[1]) * 1.2, page.height / 6));
  return {
    x: clamp((box[0] + box[2] - width) / 2, 0, page.width - width),
    y: clamp((box[1] + box[3] - height) / 2, 0, page.height - height),
    width,
    height,
  };
}

/** The rectangle in the viewer's units, in which the page is 1 wide. */
export function scaleToView(area: Rectangle, page: Size): Rectangle {
  const unit = 1 / page.width;
  return { x: area.x * unit, y: area.y * unit, width: area.width * unit, height: area.height * unit };
}

/** Degrees clockwise in 0, 90, 180, 270 after a turn by a multiple of 90. */
export function turn(rotation: number, by: number): number {
  return (((rotation + by) % 360) + 360) % 360;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
