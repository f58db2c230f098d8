"""Which requests come from our own pages."""

import pytest

from tawasul.access.origin import from_our_page

HTTP = {"scheme": "http", "host": "localhost:8000"}
HTTPS = {"scheme": "https", "host": "majlis.example"}


@pytest.mark.parametrize(
    ("headers", "where"),
    [
        ({"origin": "http://localhost:8000"}, HTTP),
        ({"origin": "http://LOCALHOST:8000"}, HTTP),
        ({"origin": "http://localhost:8000"}, {"scheme": "ws", "host": "localhost:8000"}),
        ({"origin": "https://majlis.example"}, HTTPS),
        ({"origin": "https://majlis.example"}, {"scheme": "wss", "host": "majlis.example:443"}),
        ({"origin": "http://localhost"}, {"scheme": "http", "host": "localhost:80"}),
        ({"sec-fetch-site": "same-origin"}, HTTPS),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, HTTPS),
    ],
)
def test_ours(headers: dict[str, str], where: dict[str, str]) -> None:
    assert from_our_page(headers, **where)


@pytest.mark.parametrize(
    ("headers", "where"),
    [
        ({}, HTTP),
        ({"origin": "null"}, HTTP),
        ({"origin": ""}, HTTP),
        ({"origin": "http://localhost:8001"}, HTTP),
        ({"origin": "https://localhost:8000"}, HTTP),
        ({"origin": "http://majlis.example"}, HTTPS),
        ({"origin": "https://majlis.example.evil.example"}, HTTPS),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, HTTPS),
        ({"origin": "https://majlis.example:8443"}, HTTPS),
        ({"sec-fetch-site": "same-site"}, HTTPS),
        ({"sec-fetch-site": "cross-site"}, HTTPS),
        ({"sec-fetch-site": "none"}, HTTPS),
    ],
)
def test_not_ours(headers: dict[str, str], where: dict[str, str]) -> None:
    assert not from_our_page(headers, **where)
