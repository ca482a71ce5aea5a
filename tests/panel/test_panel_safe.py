"""Nobody but the officer's own page gets anything from the panel, and no path leads out of its folder.

Requests are written to a real panel's socket, as no browser would write some of them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.helpers.form_files import FEN_FILE
from tests.helpers.mail_files import contents
from tests.helpers.panels import Answer, Client, Process, panel, small_year

PAGES = ("/", "/birim", "/program", "/iz", "/hucre", "/bitir", "/degisen", "/denetim", "/is", "/dosya")
FILES = ("/stil.css", "/panel.js")
BUTTONS = ("/basla", "/birak", "/denet", "/kur", "/tamam")
HEADERS = {
    "content-security-policy": "default-src 'none'",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
GIGABYTE = 2**30


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A panel on a folder with a form; around it lies what is nobody's business."""
    around = tmp_path_factory.mktemp("evrak")
    folder, sent = small_year(around)
    (folder / "inputs" / FEN_FILE).write_bytes(sent[0].read_bytes())
    for secret in (around / "sir.txt", folder / ".sir.txt"):
        secret.write_text("sır")
    os.symlink(around / "sir.txt", folder / "inputs" / "kisayol.txt")
    os.symlink(around, folder / "inputs" / "disari")
    os.symlink(folder / "a", folder / "b")
    os.symlink(folder / "b", folder / "a")
    with panel(folder, around / "state") as process:
        process.client().board()
        yield process


@pytest.fixture
def client(running: Process) -> Client:
    return running.client()


@pytest.fixture
def unchanged(running: Process) -> Iterator[None]:
    """The folder is afterwards what it was before."""
    before = contents(running.folder)
    yield
    assert contents(running.folder) == before


def status(answer: Answer) -> int:
    return answer[0].status


# Who asks


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "kars.example"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "http://kars.example"},
        {"Origin": "null"},
        {"Cookie": None},
        {"Cookie": ""},
        {"Cookie": "kars_xl_1=x"},
    ],
    ids=str,
)
@pytest.mark.parametrize("page", ["/", "/dosya?yol=inputs/plan.xlsx", "/olay"])
def test_a_stranger_sees_nothing(client: Client, page: str, headers: dict[str, str | None]) -> None:
    answer, text = client.get(page, **headers)
    assert answer.status == 403
    assert "KARS" not in text
    assert client.secret not in text


def test_a_wrong_secret_opens_nothing(running: Process) -> None:
    answer, _ = Client(running.port, "").get("/?anahtar=yanlis")
    assert answer.status == 403
    assert answer.getheader("set-cookie") is None


def test_a_name_that_points_here_does_not_get_the_cookie(running: Process) -> None:
    answer, _ = Client(running.port, "").get(f"/?anahtar={running.secret}", Host=f"kars.example:{running.port}")
    assert answer.status == 403
    assert answer.getheader("set-cookie") is None


def test_the_cookie_is_no_script_s_and_no_other_page_s(running: Process) -> None:
    answer, _ = Client(running.port, "").get(f"/?anahtar={running.secret}")
    said = answer.getheader("set-cookie") or ""
    assert (answer.status, answer.getheader("location")) == (303, "/")
    assert said.startswith(f"kars_xl_{running.port}=")
    assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in said.split(";")}
    assert "domain" not in said.lower()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": None},
        {"Origin": "http://kars.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Cookie": None},
        {"Host": "kars.example"},
    ],
    ids=str,
)
@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.usefixtures("unchanged")
def test_a_form_of_another_page_does_nothing(client: Client, button: str, headers: dict[str, str | None]) -> None:
    assert status(client.post(button, b"is=birlestir", **headers)) == 403


@pytest.mark.parametrize("token", ["", "yanlis", "0" * 64])
@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.usefixtures("unchanged")
def test_without_the_token_a_form_does_nothing(client: Client, button: str, token: str) -> None:
    assert status(client.post(button, b"is=birlestir", token=token)) == 403


def test_the_secret_stands_in_no_page(client: Client) -> None:
    for page in PAGES:
        assert client.secret not in client.get(page)[1]


# What is asked


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.usefixtures("unchanged")
def test_only_looking_and_pressing_is_known(client: Client, method: str) -> None:
    assert status(client.ask(method, "/", None, {})) == 403


@pytest.mark.parametrize("path", [*PAGES, *FILES, *BUTTONS, "/yok"])
@pytest.mark.usefixtures("unchanged")
def test_looking_changes_nothing(client: Client, path: str) -> None:
    for method in ("GET", "HEAD"):
        assert status(client.ask(method, f"{path}?is=birlestir&no=0", None, {})) in (200, 303, 404, 405)


@pytest.mark.parametrize(
    "path",
    [
        "../sir.txt",
        "inputs/../../sir.txt",
        "inputs/kisayol.txt",
        "inputs/disari/sir.txt",
        ".sir.txt",
        "inputs/../.sir.txt",
        "/etc/passwd",
        "//etc/passwd",
        "file:///etc/passwd",
        "~/.profile",
        "..\\sir.txt",
        "C:\\Windows\\win.ini",
        "a",
        "",
        ".",
        "inputs",
        "inputs/\0",
        "x" * 300,
        "x/" * 3000,
    ],
)
@pytest.mark.parametrize("page", ["/dosya", "/hucre"])
def test_no_path_leads_out_of_the_folder(client: Client, page: str, path: str) -> None:
    query = urlencode({"yol": path, "sayfa": "PH 1.1", "hucre": "A1"})
    answer, text = client.get(f"{page}?{query}")
    assert answer.status == 404
    assert "sır" not in text


def test_an_own_file_is_saved_and_never_shown(client: Client) -> None:
    answer, _ = client.get("/dosya?yol=inputs/plan.xlsx")
    assert answer.status == 200
    assert (answer.getheader("content-disposition") or "").startswith("attachment;")


def test_every_answer_has_the_security_headers(client: Client) -> None:
    answers = [client.get(page) for page in (*PAGES, *FILES, "/yok", "/basla", f"/?anahtar={client.secret}")]
    answers += [client.get("/", Host="kars.example"), client.post("/basla", b"is=yok"), client.post("/tamam", b"no=-1")]
    answers += [client.post("/basla", token="yok"), client.post("/basla", Content_Length=None)]
    answers += [client.post("/basla", b"x" * 70_000), client.ask("PUT", "/", None, {})]
    answers += [client.post("/birak", b"x", Content_Type="multipart/form-data; boundary=sinir")]
    assert {status(answer) for answer in answers} == {200, 303, 400, 403, 404, 405, 411, 413}
    for answer, _ in answers:
        for name, value in HEADERS.items():
            assert (answer.getheader(name) or "").startswith(value), (answer.status, name)


def test_no_page_may_run_what_is_not_the_panel_s(client: Client) -> None:
    policy = client.get("/")[0].getheader("content-security-policy") or ""
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"


# How much is sent


def answered(client: Client, *lines: str, body: bytes = b"") -> bytes:
    """The first line that comes back while the rest of what was announced is still to be sent."""
    fixed = [f"{name}: {value}" for name, value in client.headers.items()]
    fixed += [f"Origin: http://127.0.0.1:{client.port}"]
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
        connection.sendall("\r\n".join([lines[0], *fixed, *lines[1:], "", ""]).encode() + body)
        return connection.recv(4096).partition(b"\r\n")[0]


@pytest.fixture
def address(client: Client) -> str:
    client.post("/basla", b"is=yok")
    return f"POST /birak?jeton={client.token} HTTP/1.1"


@pytest.mark.parametrize("size", [2 * GIGABYTE, 513 * 2**20, 10**18])
@pytest.mark.usefixtures("unchanged")
def test_what_is_too_large_is_refused_before_it_is_read(client: Client, address: str, size: int) -> None:
    assert b" 413 " in answered(client, address, f"Content-Length: {size}", body=b"--sinir")


@pytest.mark.parametrize(
    "lines",
    [("Transfer-Encoding: chunked",), ("Content-Length: 5", "Transfer-Encoding: chunked"), ()],
    ids=["in parts", "in parts, and a length", "no length"],
)
@pytest.mark.usefixtures("unchanged")
def test_what_does_not_say_how_long_it_is_is_refused(client: Client, address: str, lines: tuple[str, ...]) -> None:
    assert b" 411 " in answered(client, address, *lines, body=b"5\r\nhallo\r\n")


@pytest.mark.parametrize("size", ["-1", "1e3", "٣", "9" * 5000, "5, 6"])
@pytest.mark.usefixtures("unchanged")
def test_a_length_that_is_none_is_refused(client: Client, address: str, size: str) -> None:
    assert answered(client, address, f"Content-Length: {size}").split()[1] in (b"400", b"411", b"413")


def test_what_is_typed_is_short(client: Client) -> None:
    assert status(client.post("/basla", b"x" * 70_000)) == 413
