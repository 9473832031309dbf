"""A contact sheet of the validation pictures, to look at (not committed).

    python sheet.py PICTURES_DIR SHEET_PNG [COUNT]
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw

from classes import words

COLUMNS, CELL, CAPTION = 10, 130, 14


def main(pictures: Path, out: Path, count: int) -> None:
    """Pastes the first `count` pictures with their class names."""
    lines = [line.split() for line in (pictures / "val.txt").read_text().splitlines()][:count]
    rows = -(-len(lines) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * CELL, rows * (CELL + CAPTION)), "white")
    pen = ImageDraw.Draw(sheet)
    for k, (name, label) in enumerate(lines):
        x, y = k % COLUMNS * CELL, k // COLUMNS * (CELL + CAPTION)
        with Image.open(pictures / name) as image:
            small = image.convert("RGB")
        small.thumbnail((CELL - 4, CELL - 4))
        sheet.paste(small, (x, y))
        pen.text((x, y + CELL - 2), words(int(label)).split(",")[0], fill="black")
    sheet.save(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 100)
