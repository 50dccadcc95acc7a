import assert from "node:assert/strict";
import { test } from "node:test";

import { type Box, encloseBoxes, frameBox, isBox, parseBoxes, scaleToView, turn } from "../geometry";

const A4 = { width: 2480, height: 3508 };

test("a box is four finite numbers that enclose an area", () => {
  assert.equal(isBox([1, 2, 3, 4]), true);
  for (const wrong of [[1, 2, 3], [3, 2, 1, 4], [1, 2, 3, 2], [1, 2, 3, NaN], [1, 2, 3, "4"], null, "1,2,3,4"]) {
    assert.equal(isBox(wrong), false, JSON.stringify(wrong));
  }
});

test("boxes are read from text, and what is no box is left out", () => {
  assert.deepEqual(parseBoxes("1,2,30,40; 5,6,70,80"), [[1, 2, 30, 40], [5, 6, 70, 80]]);
  assert.deepEqual(parseBoxes(""), []);
  assert.deepEqual(parseBoxes("1,2,30;,,,;9,9,1,1;a,b,c,d"), []);
});

test("boxes are enclosed by the smallest box around them", () => {
  assert.deepEqual(encloseBoxes([[10, 50, 20, 60], [5, 55, 12, 90]]), [5, 50, 20, 90]);
  assert.equal(encloseBoxes([]), null);
});

test("a small box is framed by half of the width and a sixth of the height, in the middle", () => {
  const box: Box = [1200, 1700, 1280, 1740];
  const frame = frameBox(box, A4);
  assert.equal(frame.width, A4.width / 2);
  assert.equal(frame.height, A4.height / 6);
  assert.equal(frame.x + frame.width / 2, 1240);
  assert.equal(frame.y + frame.height / 2, 1720);
});

test("a frame holds its box and stays inside the page, wherever the box is", () => {
  const boxes: Box[] = [[0, 0, 10, 10], [2470, 3500, 2480, 3508], [0, 1000, 2480, 1050], [0, 0, 2480, 3508]];
  for (const box of boxes) {
    const { x, y, width, height } = frameBox(box, A4);
    assert.ok(x >= 0 && y >= 0 && x + width <= A4.width && y + height <= A4.height, `${box} leaves the page`);
    assert.ok(x <= box[0] && y <= box[1] && x + width >= box[2] && y + height >= box[3], `${box} is cut`);
  }
});

test("in the viewer's units the page is 1 wide", () => {
  const whole = scaleToView({ x: 0, y: 0, ...A4 }, A4);
  assert.equal(whole.width, 1);
  assert.ok(Math.abs(whole.height - 3508 / 2480) < 1e-12);
});

test("turns come round", () => {
  assert.deepEqual([turn(0, -90), turn(270, 90), turn(180, 90), turn(-90, 0)], [270, 0, 270, 270]);
});
