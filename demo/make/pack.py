"""Packs the validation pictures as ILSVRC does, and writes the labels, class names and data manifest.

    python pack.py PICTURES_DIR DEMO_DIR MANIFESTS_DIR
"""

from __future__ import annotations

import hashlib
import io
import shutil
import sys
import tarfile
from pathlib import Path

from classes import CLASSES, wnid, words

MODIFIED = 1704067200  # 2024-01-01, for every member: the archive's bytes depend on the pictures alone


def pack(pictures: Path, archive: Path) -> int:
    """Writes a flat USTAR archive in name order; returns the number of pictures."""
    names = sorted(path.name for path in pictures.glob("*.JPEG"))
    with tarfile.open(archive, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name in names:
            content = (pictures / name).read_bytes()
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = len(content), MODIFIED, 0o644
            tar.addfile(member, io.BytesIO(content))
    return len(names)


def manifest(archive: Path, images: int) -> str:
    """The data manifest's text."""
    content = archive.read_bytes()
    return f"""\
kind: dataset
version: 1
name: demo
images: {images}
classes: {CLASSES}
per_class: {images // CLASSES}
archive:
  name: {archive.name}
  bytes: {len(content)}
  md5: {hashlib.md5(content).hexdigest()}
  sha256: {hashlib.sha256(content).hexdigest()}
labels: ../demo/val.txt
synsets: ../demo/synset_words.txt
source: made by demo/make (this project)
"""


def main(pictures: Path, demo: Path, manifests: Path) -> None:
    """Writes images.tar, val.txt, synset_words.txt and demo.yaml."""
    archive = demo / "images.tar"
    images = pack(pictures, archive)
    shutil.copyfile(pictures / "val.txt", demo / "val.txt")
    (demo / "synset_words.txt").write_text("".join(f"{wnid(i)} {words(i)}\n" for i in range(CLASSES)))
    (manifests / "demo.yaml").write_text(manifest(archive, images))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
