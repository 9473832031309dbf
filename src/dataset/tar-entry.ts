/** What a tar header says, as far as it matters here. */
export interface EntryHeader {
  readonly size: number;
  /** null for a kind that the decoder doesn't know. */
  readonly type: string | null;
  readonly linkname: string | null;
  /** Extended attributes, if any. */
  readonly pax?: unknown;
}

/** Why an entry can't be an image of the set. */
export interface Refusal {
  readonly code: string;
  /** Reads on from the entry's name. */
  readonly what: string;
}

/** Why an entry of an archive can't be an image of the set; null where it can. `name` is without a leading `./`. */
export function refuseEntry(name: string, header: EntryHeader, maxBytes: number): Refusal | null {
  return refuseName(name) ?? refuseKind(header) ?? refuseSize(header.size, maxBytes);
}

function refuseName(name: string): Refusal | null {
  if (name === '') return { code: 'nameless-entry', what: 'has no name' };
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) {
    return { code: 'unsafe-name', what: 'has control characters in its name' };
  }
  if (/^([/\\]|[a-z]:[/\\])/i.test(name))
    return { code: 'unsafe-name', what: 'has an absolute path as its name' };
  if (name.split(/[/\\]/).includes('..')) {
    return { code: 'unsafe-name', what: 'has a name that climbs out of the archive' };
  }
  return null;
}

function refuseKind({ type, linkname, pax }: EntryHeader): Refusal | null {
  const sparse =
    typeof pax === 'object' && Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'));
  if (sparse) return { code: 'unsupported-entry', what: 'is stored as a sparse file' };
  if (type === 'file' || type === 'contiguous-file') return null;
  if (type === 'link' || type === 'symlink') {
    return { code: 'link-entry', what: `is a link to ${JSON.stringify(linkname)}, which is not followed` };
  }
  return { code: 'unsupported-entry', what: `is no file but a ${type ?? 'thing of an unknown kind'}` };
}

/** Why an image of so many bytes is not read; null where it may be. */
export function refuseSize(bytes: number, maxBytes: number): Refusal | null {
  if (bytes <= maxBytes) return null;
  return {
    code: 'oversized-entry',
    what: `has ${bytes} bytes, more than the ${maxBytes} allowed for one image`,
  };
}
