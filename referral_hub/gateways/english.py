"""Right words of English, kept small: the package that counts them takes long to read."""

from importlib.metadata import version
from pathlib import Path

import numpy as np

from referral_hub.gateways.array_file import Arrays, load_or_make
from search_index import right_words

_LAYOUT = 1
_LETTERS, _GAP = "letters", "\n"


def english_words(folder: Path | None = None) -> frozenset[str]:
    """Words that no search corrects. `folder` keeps them between processes."""
    if folder is None:
        return right_words.english_words()
    path = folder / f"english-words-{version('pyspellchecker')}-{_LAYOUT}.npz"
    letters = load_or_make(path, [_LETTERS], _letters)[_LETTERS]
    return frozenset(letters.tobytes().decode().split(_GAP))


def _letters() -> Arrays:
    """All words in one run of bytes, which is read in a few milliseconds."""
    text = _GAP.join(sorted(right_words.english_words()))
    return {_LETTERS: np.frombuffer(text.encode(), dtype=np.uint8)}
