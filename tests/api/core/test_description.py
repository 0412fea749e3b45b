"""Where programs look for the description of the API."""

from typing import Any


def test_the_customary_address_leads_to_the_description(client: Any) -> None:
    led = client.get("/openapi.json", follow_redirects=False)

    assert (led.status_code, led.headers["location"]) == (307, "/api/openapi.json")
    assert client.get("/openapi.json", follow_redirects=True).json()["openapi"].startswith("3.")
