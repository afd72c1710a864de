/** Files of a message: pictures as they are, the beginning of texts, and everything else as a row with name and size. */
import type { FileView } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';

export function Files({ files }: { files: readonly FileView[] }): VNode {
  return html`<div class="files">${files.map((file) => html`<${File} key=${file.id} file=${file} />`)}</div>`;
}

function File({ file }: { file: FileView }): VNode {
  const url = ownUrl(file.url);
  const row = html`<a class="file" href=${url} target="_blank" rel="noopener noreferrer" download=${file.name}>
    <span class="file-icon" aria-hidden="true">${ending(file.name)}</span>
    <span><strong>${file.title || file.name}</strong><small>${readableSize(file.sizeBytes)}</small></span>
  </a>`;
  if (file.mimetype.startsWith('image/') && url !== undefined) {
    return html`<figure class="file-picture">
      <img src=${url} alt=${file.altText || file.title} loading="lazy" />
      <figcaption>${row}</figcaption>
    </figure>`;
  }
  if (file.preview === undefined) return row;
  return html`<div class="file-text">
    <pre tabindex="0" aria-label=${`How ${file.name} begins`}>${file.preview}</pre>
    ${row}
  </div>`;
}

/** Files are served by the box itself; any other address is not followed. */
function ownUrl(candidate: string): string | undefined {
  const url = new URL(candidate, location.href);
  return url.origin === location.origin ? url.href : undefined;
}

function ending(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? 'file' : name.slice(dot + 1, dot + 5);
}

function readableSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
