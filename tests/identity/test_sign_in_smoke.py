from tests.world import ANNE


def test_a_client_reaches_the_second_step(alpha, browser_at):
    browser = browser_at(ANNE.host)
    response = browser.post("/connexion/", {"identifier": ANNE.identifier, "secret": ANNE.secret})
    assert response.headers["Location"] == "/connexion/code/"
