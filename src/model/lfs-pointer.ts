/** A pointer is under 1024 bytes by Git LFS's specification. */
export const maxPointerBytes = 1024;

/** What a Git LFS pointer says of the file that it stands for. */
export interface LfsPointer {
  /** SHA-256 of the real file; null where the pointer states none. */
  readonly sha256: string | null;
  readonly bytes: number | null;
}

/** Whether these are the bytes of a Git LFS pointer, the small text that stands in a repository for a large file. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  if (bytes.length >= maxPointerBytes) return false;
  return /^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n/.test(textOf(bytes));
}

/** What the pointer says of the real file. */
export function readLfsPointer(bytes: Uint8Array): LfsPointer {
  const text = textOf(bytes);
  const size = /^size (\d+)$/m.exec(text)?.[1];
  return {
    sha256: /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1] ?? null,
    bytes: size === undefined ? null : Number(size),
  };
}

/** GitHub's address of the real file, for an address that gives the pointer; null for anything else. */
export function lfsMediaUrl(url: string): string | null {
  const { hostname, pathname } = new URL(url);
  const parts = pathname.slice(1).split('/');
  if (hostname === 'github.com' && (parts[2] === 'raw' || parts[2] === 'blob')) parts.splice(2, 1);
  else if (hostname !== 'raw.githubusercontent.com') return null;
  return parts.length < 4 ? null : `https://media.githubusercontent.com/media/${parts.join('/')}`;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
