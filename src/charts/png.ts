/** An SVG of ours as a PNG, with the one font that comes along: what a picture looks like hangs on no machine. */
import { fileURLToPath } from 'node:url';

/** Inter, Latin, made from @fontsource-variable/inter: the renderer reads no WOFF2. Its licence is beside it. */
const font = fileURLToPath(new URL('font/inter-latin.ttf', import.meta.url));

/** Pixels for each unit of the SVG: sharp on a dense screen, some 100 kB. */
const scale = 2;

/** In a thread of its own. @throws Error where there is no renderer for this machine. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js');
  const image = await renderAsync(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontFiles: [font], loadSystemFonts: false, defaultFontFamily: 'Inter' },
  });
  return image.asPng();
}
