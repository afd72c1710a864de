/** Files of a message: a row each with name and size. The box hands them out as downloads, never as pages or pictures. */
import type { FileView } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';

export function Files({ files }: { files: readonly FileView[] }): VNode {
  return html`<div class="files">
    ${files.map((file) => {
      const url = ownUrl(file.url);
      return html`<a class="file" href=${url} target="_blank" rel="noopener noreferrer" download=${file.name}>
        <span class="file-icon" aria-hidden="true">${ending(file.name)}</span>
        <span><strong>${file.title || file.name}</strong><small>${readableSize(file.sizeBytes)}</small></span>
      </a>`;
    })}
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
