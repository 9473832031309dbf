"""The demo's twenty classes: every pairing of five shapes with four surfaces."""

SHAPES: tuple[str, ...] = ("disc", "triangle", "square", "hexagon", "star")
SURFACES: tuple[str, ...] = ("plain", "striped", "dotted", "checkered")
SYNONYMS: dict[str, str] = {
    "plain": "solid",
    "striped": "banded",
    "dotted": "spotted",
    "checkered": "chequered",
}

CLASSES = len(SHAPES) * len(SURFACES)


def split_class(index: int) -> tuple[str, str]:
    """The (shape, surface) of a class index."""
    return SHAPES[index // len(SURFACES)], SURFACES[index % len(SURFACES)]


def wnid(index: int) -> str:
    """The class's WordNet-style identifier (an invented range: n9000....)."""
    return f"n{90000001 + index}"


def words(index: int) -> str:
    """The class's human name with a synonym, written as in ImageNet's synset_words.txt."""
    shape, surface = split_class(index)
    return f"{surface} {shape}, {SYNONYMS[surface]} {shape}"
