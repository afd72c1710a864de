/** Opens a floating panel below its button, or above when there is more room. */
const gapPx = 4;
const edgePx = 8;

export function placeNear(panel: HTMLElement, anchor: HTMLElement, align: 'start' | 'end' = 'start'): void {
  panel.showPopover();
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const roomBelow = innerHeight - at.bottom - gapPx - edgePx;
  const isAbove = roomBelow < height && at.top > roomBelow;
  const wantedLeft = align === 'start' ? at.left : at.right - width;
  const left = Math.max(edgePx, Math.min(wantedLeft, innerWidth - width - edgePx));
  panel.style.left = `${left}px`;
  panel.style.minWidth = `${Math.min(at.width, innerWidth - 2 * edgePx)}px`;
  if (isAbove) panel.style.bottom = `${innerHeight - at.top + gapPx}px`;
  else panel.style.top = `${at.bottom + gapPx}px`;
  panel.style.maxHeight = `${Math.min(isAbove ? at.top - gapPx - edgePx : roomBelow, 360)}px`;
}
