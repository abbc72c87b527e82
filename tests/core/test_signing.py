"""Signatures: the vectors of RFC 8032, and the script's own routine against a library's."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from crowd.core.signing import head_bytes, key_fingerprint, signed_head
from crowd.core.verifier.ed25519 import L, is_signed
from tests.drawing import draws

# RFC 8032, 7.1: secret key, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc(secret: str, public: str, message: str, signature: str) -> None:
    key, text, signed = (bytes.fromhex(value) for value in (public, message, signature))
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).public_key().public_bytes_raw() == key
    assert is_signed(key, text, signed)
    assert not is_signed(key, text + b"!", signed)
    assert not is_signed(bytes.fromhex(VECTORS[0][1]) if key.hex() != VECTORS[0][1] else b"\2" * 32, text, signed)


@draws(20)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_a_signature_holds_and_no_other_bit_pattern_does(secret: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    signature = key.sign(message)
    flipped = (int.from_bytes(signature, "little") ^ 1 << bit).to_bytes(64, "little")
    public = key.public_key().public_bytes_raw()
    assert is_signed(public, message, signature)
    assert not is_signed(public, message, flipped)


@given(st.binary(max_size=40), st.binary(max_size=80))
def test_nonsense_is_no_signature(key: bytes, signature: bytes) -> None:
    assert not is_signed(key, b"", signature)


def test_a_signature_has_one_form_only() -> None:
    """s and s + L would say the same: the larger is refused."""
    _, public, message, signature = (bytes.fromhex(value) for value in VECTORS[1])
    larger = int.from_bytes(signature[32:], "little") + L
    assert not is_signed(public, message, signature[:32] + larger.to_bytes(32, "little"))
    assert not is_signed(public, message, signature + b"\0")


def test_a_head_is_signed_as_five_lines() -> None:
    head = signed_head("calls.example.org/rounds/7", 3, b"\xab" * 32, "2026-11-30T12:00:00Z", lambda data: data[:4])
    assert head_bytes("calls.example.org/rounds/7", 3, b"\xab" * 32, "2026-11-30T12:00:00Z") == (
        b"apertura-head-1\ncalls.example.org/rounds/7\n3\n" + b"ab" * 32 + b"\n2026-11-30T12:00:00Z\n"
    )
    assert head.as_data() == {"size": 3, "root": "ab" * 32, "at": "2026-11-30T12:00:00Z", "signature": b"aper".hex()}
    with pytest.raises(ValueError, match="line break"):
        head_bytes("two\nlines", 3, b"", "")


def test_a_key_is_named_by_the_hash_of_its_public_half() -> None:
    assert key_fingerprint(b"\7" * 32) == hashlib.sha256(b"\7" * 32).hexdigest()
