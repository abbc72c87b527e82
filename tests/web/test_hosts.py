"""The site answers under its own name only."""

from flask.testing import FlaskClient


def test_another_host_is_told_where_the_site_is(client: FlaskClient) -> None:
    response = client.get("/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert response.text == "This site is at http://localhost\n"


def test_the_own_host_gets_the_page(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json() == {"status": "ready"}
