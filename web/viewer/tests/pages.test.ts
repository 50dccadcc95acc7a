import assert from "node:assert/strict";
import { test } from "node:test";

import { parseMarks, parsePageNumber, parsePages, parseWords } from "../pages";

test("a page needs an image and a size; the rest has defaults", () => {
  assert.deepEqual(parsePages('[{"image":"/p/1","width":10,"height":20}]'), [
    { image: "/p/1", width: 10, height: 20, wordsUrl: "", title: "1", rotation: 0 },
  ]);
  const [full] = parsePages('[{"image":"/p","width":1,"height":2,"words_url":"/w","title":"Tờ 3","rotation":270}]');
  assert.deepEqual(full, { image: "/p", width: 1, height: 2, wordsUrl: "/w", title: "Tờ 3", rotation: 270 });
});

test("a wrong page is named", () => {
  assert.throws(() => parsePages('[{"image":"/p","width":1,"height":2},{"image":"/q","width":0,"height":2}]'), /page 2/);
  assert.throws(() => parsePages('[{"width":1,"height":2}]'), /page 1 has no image/);
  assert.throws(() => parsePages("[]"), /at least one page/);
});

test("marks of one page are joined", () => {
  const marks = parseMarks('[{"page":1,"boxes":[[0,0,5,5]]},{"page":2,"boxes":[]},{"page":1,"boxes":[[1,1,2,2],[9,9,1,1]]}]');
  assert.deepEqual(marks.get(1), [[0, 0, 5, 5], [1, 1, 2, 2]]);
  assert.deepEqual(marks.get(2), []);
  assert.equal(parseMarks(undefined).size, 0);
});

test("words without a box are left out", () => {
  const words = parseWords([{ text: "Số", confidence: 0.9, box: [1, 2, 3, 4] }, { text: "x" }, null]);
  assert.deepEqual(words, [{ text: "Số", confidence: 0.9, box: [1, 2, 3, 4] }]);
  assert.throws(() => parseWords({ error: "gone" }), /list/);
});

test("a page number outside the document is none", () => {
  assert.deepEqual(["1", "3", "4", "0", "1.5", "x", "", undefined].map((text) => parsePageNumber(text, 3)), [
    1, 3, null, null, null, null, null, null,
  ]);
});
