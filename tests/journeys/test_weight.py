"""How much a page costs on a slow line, counted as it comes out of the real server."""

from playwright.sync_api import Browser, Response

from people.roles import Role
from tests.journeys.hands import Reader
from tests.journeys.visited import Visited

FIRST_VIEW = 150_000
LATER_VIEW = 30_000


def bytes_of(reader: Reader, path: str) -> int:
    """Everything that came over the line for this page, with the headers of the answers."""
    line = reader.context.new_cdp_session(reader.page)
    line.send("Network.enable")
    sizes: list[float] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    reader.open(path)
    reader.page.wait_for_load_state("networkidle")
    line.detach()
    return round(sum(sizes))


def test_first_page_is_light(visited: Visited, chromium: Browser) -> None:
    reader = visited.reader(chromium, "", ())
    weight = bytes_of(reader, "/accounts/login/")
    reader.leave()
    assert reader.troubles == []
    # More than the page alone, so the style sheet and the scripts were counted.
    assert 20_000 < weight < FIRST_VIEW


def test_every_later_page_is_lighter(visited: Visited, chromium: Browser) -> None:
    scene = visited.scene
    reader = visited.reader(chromium, Role.SERGEANT, ())
    assert bytes_of(reader, "/home/") < FIRST_VIEW
    pages = ("/home/", "/cases/", f"/cases/{scene.worked}/", "/reviews/", f"/reviews/{scene.late.pk}/", "/cases/log/")
    weights = {path: bytes_of(reader, path) for path in pages}
    reader.leave()
    assert reader.troubles == []
    assert max(weights.values()) < LATER_VIEW, weights


def test_files_are_compressed_and_kept_for_ever(visited: Visited, chromium: Browser) -> None:
    """Pages themselves are kept by nobody."""
    reader = visited.reader(chromium, Role.SERGEANT, ())
    headers = {}

    def note(answer: Response) -> None:
        headers[answer.url.removeprefix(visited.site.address)] = answer.headers

    reader.page.on("response", note)
    reader.open("/home/")
    reader.leave()
    assert "no-store" in headers["/home/"]["cache-control"]
    files = {path: kept for path, kept in headers.items() if path.startswith("/static/")}
    assert any(path.endswith(".css") for path in files)
    assert len([path for path in files if path.endswith(".js")]) > 5
    for path, kept in files.items():
        assert "immutable" in kept["cache-control"], path
        if path.endswith((".css", ".js", ".svg")):
            assert kept.get("content-encoding") == "gzip", path
