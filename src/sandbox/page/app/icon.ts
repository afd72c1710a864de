/** The page's few icons, drawn with one stroke on a 20 by 20 grid. */
import { html, type VNode } from '../html.ts';

const paths = {
  home: 'M3.5 9 10 3.5 16.5 9v6.8a.7.7 0 0 1-.7.7H12v-4.5H8v4.5H4.2a.7.7 0 0 1-.7-.7Z',
  hash: 'M7.8 3.5 6.2 16.5M13.8 3.5 12.2 16.5M4 7.5h12.5M3.5 12.5H16',
  lock: 'M5.5 9h9v7h-9ZM7.2 9V6.6a2.8 2.8 0 0 1 5.6 0V9',
  thread: 'M4 4.5h12v8.5H9.5L6 16v-3H4ZM7 7.5h6M7 10h4',
  smile: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM7.3 11.5a3.2 3.2 0 0 0 5.4 0M7.7 8.2v.1M12.3 8.2v.1',
  more: 'M5 10h.1M10 10h.1M15 10h.1',
  close: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  send: 'M3.5 10 16.5 4l-4 12.5-3.2-5.2ZM9.3 11.3l3.2-3.6',
  plus: 'M10 4.5v11M4.5 10h11',
  bolt: 'M11 3 5 11.2h4.4L9 17l6-8.2h-4.4Z',
  columns: 'M3.5 4.5h13v11h-13ZM10 4.5v11',
  pulse: 'M3 10.5h3l2-5 3.5 9.5 2.2-6 1 1.5H17',
  globe:
    'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM3 10h14M10 3c2.2 2 3 4.300 3 7s-.8 5-3 7c-2.200-2-3-4.300-3-7s.8-5 3-7Z',
  sun: 'M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM10 2.500v1.700M10 15.800v1.700M2.500 10h1.700M15.800 10h1.700M4.700 4.700l1.200 1.200M14.100 14.100l1.200 1.200M15.300 4.700l-1.200 1.200M5.900 14.100l-1.200 1.200',
  moon: 'M16 11.600A6.300 6.300 0 0 1 8.400 4 6.300 6.300 0 1 0 16 11.600Z',
  menu: 'M3.500 6h13M3.500 10h13M3.500 14h13',
  eye: 'M2.500 10S5.300 5 10 5s7.500 5 7.500 5-2.800 5-7.500 5-7.500-5-7.500-5ZM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  search: 'M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11ZM13.200 13.200l3.300 3.300',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4.300l2.800 1.700',
  link: 'M8.500 11.500a3 3 0 0 0 4.300 0l2.300-2.300a3 3 0 0 0-4.300-4.300l-.8.8M11.500 8.500a3 3 0 0 0-4.300 0l-2.300 2.300a3 3 0 0 0 4.300 4.300l.8-.8',
  chevron: 'M6 8l4 4 4-4',
} as const;

export type IconName = keyof typeof paths;

/** Decoration only: the button around it carries the name. */
export function Icon({ name }: { name: IconName }): VNode {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d=${paths[name]} /></svg>`;
}
