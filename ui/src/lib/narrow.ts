/** One pane at a time: the window is as narrow as the styles mean by 40rem, also with a large text size. */
export function isNarrow(): boolean {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return window.innerWidth <= 40 * (size > 0 ? size : 16);
}
