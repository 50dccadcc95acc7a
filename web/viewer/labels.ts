/** The viewer's own words, in the page's language. */

const VIETNAMESE = {
  viewer: "Ảnh trang tài liệu",
  toolbar: "Điều khiển ảnh trang",
  previous: "Trang trước (Alt+←)",
  next: "Trang sau (Alt+→)",
  page: "Chọn trang",
  zoomIn: "Phóng to",
  zoomOut: "Thu nhỏ",
  fit: "Vừa khung",
  fitText: "Vừa khung",
  left: "Xoay trái",
  right: "Xoay phải",
  boxes: "Hiện khung từng từ (phím b)",
  boxesText: "Khung từ",
  shown: (title: string, of: number) => `Trang ${title}, trong ${of} trang`,
  imageFailed: "Không tải được ảnh trang. Hãy tải lại trang này.",
  wordsFailed: "Không tải được khung từ của trang này.",
};

const ENGLISH: typeof VIETNAMESE = {
  viewer: "Page image",
  toolbar: "Page image controls",
  previous: "Previous page (Alt+←)",
  next: "Next page (Alt+→)",
  page: "Choose a page",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Fit to frame",
  fitText: "Fit",
  left: "Turn left",
  right: "Turn right",
  boxes: "Show word boxes (key b)",
  boxesText: "Word boxes",
  shown: (title, of) => `Page ${title} of ${of}`,
  imageFailed: "The page image could not be loaded. Reload this page.",
  wordsFailed: "The word boxes of this page could not be loaded.",
};

export type Labels = typeof VIETNAMESE;

/** Labels for a language tag such as "vi" or "en-GB"; Vietnamese for all others. */
export function chooseLabels(language: string): Labels {
  return language.toLowerCase().startsWith("en") ? ENGLISH : VIETNAMESE;
}
