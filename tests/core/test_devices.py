"""Browsers are named as a person would name them."""

import pytest

from crowd.core.devices import device_of

MOZILLA = "Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) %s"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ("Firefox", "Linux")),
        (MOZILLA % ("Windows NT 10.0; Win64; x64", "Chrome/140.0 Safari/537.36"), ("Chrome", "Windows")),
        (MOZILLA % ("Windows NT 10.0; Win64; x64", "Chrome/140.0 Safari/537.36 Edg/140.0"), ("Edge", "Windows")),
        (MOZILLA % ("Macintosh; Intel Mac OS X 10_15_7", "Version/18.5 Safari/605.1.15"), ("Safari", "macOS")),
        (MOZILLA % ("iPhone; CPU iPhone OS 18_5 like Mac OS X", "Version/18.5 Safari/604.1"), ("Safari", "iPhone")),
        (
            MOZILLA % ("Linux; Android 14", "SamsungBrowser/28.0 Chrome/130 Safari/537.36"),
            ("Samsung Internet", "Android"),
        ),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_and_its_system_are_recognised(user_agent: str, expected: tuple[str, str]) -> None:
    assert device_of(user_agent) == expected
