"""A browser and a small web server for pages rendered without a database."""

import threading
from collections.abc import Callable, Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Engine
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings

from rasso.assets import BUILD
from rasso.forms import PROJECT_TEMPLATES
from tests.frontend import style_sheet

HERE = Path(__file__).resolve().parent
# As strict as the site, and stricter: no script may build elements from text.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)


@pytest.fixture(autouse=True)
def own_addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.frontend.urls"


@cache
def engine() -> Engine:
    """Without context processors: these tests have neither request nor database."""
    libraries = {"pages": "rasso.templatetags.pages", "govuk": "rasso.templatetags.govuk", "static": "django.templatetags.static"}
    return Engine(dirs=[HERE / "templates", PROJECT_TEMPLATES], libraries=libraries)


def render(template: str, context: dict[str, Any]) -> str:
    return str(engine().from_string(template).render(Context(context)))


def render_style_sheet(form: Any, **more: Any) -> str:
    return str(engine().get_template("style_sheet.html").render(Context({**style_sheet.context(form), **more})))


class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, pages: dict[str, str], posts: list[tuple[str, str]], **options: Any) -> None:
        self.pages = pages
        self.posts = posts
        super().__init__(*arguments, directory=str(BUILD), **options)

    def do_GET(self) -> None:
        if self.path in self.pages:
            return self.answer(200, self.pages[self.path])
        self.path = self.path.removeprefix("/static")
        return super().do_GET()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.posts.append((self.path, body))
        self.answer(200 if self.path in self.pages else 403, "{}")

    def answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


class Site:
    """Pages by path, and what was posted."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {"/draft": "{}", "/stay": "{}"}
        self.posts: list[tuple[str, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, pages=self.pages, posts=self.posts))
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def frontend_page(chromium: Browser) -> Iterator[Page]:
    """An empty page, for tests in which something is meant to go wrong."""
    page = chromium.new_page()
    yield page
    page.close()


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site; the test fails if anything did not load or anything stood in the console."""
    contexts = []
    troubles: list[str] = []

    def open_page(html: str, *, path: str = "/", **options: Any) -> Page:
        site.pages[path] = html
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("response", lambda response: troubles.append(response.url) if response.status >= 400 else None)
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(site.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
