"""What of a text tells who wrote it."""

import pytest

from crowd.core.self_naming import Hint, Telling, hints

NAMES = ["Zenobia Quill", "José Ñáñez"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A bench of oak.", []),
        ("Drawn by Zenobia Quill.", [Hint(Telling.NAME, "Text", "Zenobia Quill")]),
        ("drawn by zenobia  quill", [Hint(Telling.NAME, "Text", "Zenobia Quill")]),
        ("Jose Nanez built it", [Hint(Telling.NAME, "Text", "José Ñáñez")]),
        ("as Quill (2024) shows", [Hint(Telling.NAME, "Text", "Quill")]),
        ("written with a quill", []),
        ("Ask zen@garden.example, please.", [Hint(Telling.EMAIL, "Text", "zen@garden.example")]),
        (
            "https://www.linkedin.com/in/zen-q. And more",
            [Hint(Telling.PROFILE, "Text", "https://www.linkedin.com/in/zen-q")],
        ),
        ("See github.com/zen/bench", [Hint(Telling.PROFILE, "Text", "github.com/zen/bench")]),
        ("https://orcid.org/0000-0002-1825-009X", [Hint(Telling.ORCID, "Text", "0000-0002-1825-009X")]),
        ("https://city.example/garden and 2024-05-06", []),
    ],
)
def test_names_addresses_profiles_and_numbers_of_researchers_are_found(text: str, found: list[Hint]) -> None:
    assert hints([("Text", text)], NAMES) == found


def test_each_finding_is_told_once_for_each_part_and_short_family_names_only_whole() -> None:
    parts = [("Title", "Zenobia Quill"), ("Text", "Zenobia Quill, Zenobia Quill"), ("File", "Ada Li and Li")]
    assert hints(parts, ["Zenobia Quill", "Ada Li", ""]) == [
        Hint(Telling.NAME, "Title", "Zenobia Quill"),
        Hint(Telling.NAME, "Text", "Zenobia Quill"),
        Hint(Telling.NAME, "File", "Ada Li"),
    ]
    assert hints([("Text", "Li said")], ["Ada Li"]) == []
