import io
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser

from widgets.classroom import reach
from widgets.classroom.reach import Surroundings, addresses, hints, obstacle, qr_data, qr_svg, ranked

# Which address a phone should be told first.


def test_the_address_that_leads_out_comes_first_and_the_loop_never():
    found = {"lo": ["127.0.0.1"], "eth0": ["10.1.2.3"], "wlan0": ["192.168.1.20"]}
    assert ranked(found, "10.1.2.3") == ["10.1.2.3", "192.168.1.20"]
    assert ranked(found, "192.168.1.20") == ["192.168.1.20", "10.1.2.3"]


@pytest.mark.parametrize(
    "tunnel", ["utun4", "tun0", "wg0", "tailscale0", "docker0", "vEthernet (WSL)", "br-0a1b", "ppp0"]
)
def test_a_tunnel_or_a_virtual_machine_comes_after_the_wi_fi_even_if_it_leads_out(tunnel):
    found = {tunnel: ["10.8.0.2"], "en0": ["192.168.1.20"]}
    assert ranked(found, "10.8.0.2") == ["192.168.1.20", "10.8.0.2"]


def test_an_address_that_no_router_gave_comes_last():
    assert ranked({"en0": ["169.254.7.7"], "docker0": ["172.17.0.1"]}, None) == ["172.17.0.1", "169.254.7.7"]


def test_without_a_way_out_the_commonest_home_network_comes_first():
    found = {"a": ["203.0.113.5"], "b": ["172.20.0.5"], "c": ["10.0.0.5"], "d": ["192.168.0.5"]}
    assert ranked(found, None) == ["192.168.0.5", "10.0.0.5", "172.20.0.5", "203.0.113.5"]


def test_one_address_on_two_interfaces_is_offered_once():
    assert ranked({"en0": ["10.0.0.5"], "bond0": ["10.0.0.5"]}, "10.0.0.5") == ["10.0.0.5"]


def test_this_machines_addresses_are_its_own():
    assert "127.0.0.1" not in addresses()
    out = reach.route()
    assert out is None or out in addresses()


def test_a_machine_without_a_way_out_has_no_route(monkeypatch):
    monkeypatch.setattr(reach, "NOWHERE", ("255.255.255.255", 9))  # which no program may call on unasked
    assert reach.route() is None


# Where phones cannot come.

KNOWN = {
    "JupyterLite": Surroundings({}, platform="emscripten"),
    "Colab": Surroundings({"COLAB_RELEASE_TAG": "release"}),
    "Colab, by its module": Surroundings({}, modules=frozenset({"google.colab"})),
    "Binder": Surroundings({"BINDER_LAUNCH_HOST": "https://mybinder.org/", "JUPYTERHUB_API_URL": "x"}),
    "codespace": Surroundings(
        {"CODESPACES": "true", "CODESPACE_NAME": "fluffy-spoon"}, files=frozenset({"/.dockerenv"})
    ),
    "JupyterHub": Surroundings({"JUPYTERHUB_SERVICE_PREFIX": "/user/a/"}, files=frozenset({"/.dockerenv"})),
    "WSL": Surroundings({}, release="5.15.153.1-microsoft-standard-WSL2"),
    "WSL, by its variable": Surroundings({"WSL_DISTRO_NAME": "Ubuntu"}),
    "container": Surroundings({}, files=frozenset({"/run/.containerenv"})),
    "container, of Kubernetes": Surroundings({"KUBERNETES_SERVICE_HOST": "10.96.0.1"}),
}


@pytest.mark.parametrize("place", KNOWN)
def test_a_place_that_phones_cannot_reach_is_named_with_what_to_do(place):
    said = obstacle(8765, KNOWN[place])
    assert said
    assert place.partition(",")[0] in said.partition(":")[0]
    assert "classroom(" in said or "own laptop" in said or "JupyterLab that runs on Windows" in said
    assert reach.HANDS in said  # whatever else fails


def test_a_codespace_is_told_the_address_that_its_port_gets():
    assert "https://fluffy-spoon-9000.app.github.dev" in str(obstacle(9000, KNOWN["codespace"]))


def test_a_browsers_kernel_can_say_so_without_what_it_cannot_install():
    said = subprocess.run(
        [sys.executable, "-c", LITE], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    ).stdout
    assert said.startswith("This is JupyterLite")


LITE = """
import sys
sys.modules["psutil"] = sys.modules["segno"] = None
from widgets.classroom import reach
print(reach.obstacle(here=reach.Surroundings({}, platform="emscripten")))
"""


def test_an_ordinary_laptop_has_no_obstacle():
    for platform in ("linux", "darwin", "win32"):
        assert obstacle(8765, Surroundings({"HOME": "/home/a"}, platform=platform, release="6.8.0-generic")) is None


def test_hints_begin_with_the_wi_fi_and_offer_the_next_address_and_hands():
    said = hints("http://192.168.1.20:8765", ["http://192.168.1.20:8765", "http://10.0.0.5:8765"])
    order = [n for word in ("same Wi-Fi", "firewall", "apart", "10.0.0.5", "server=", "public_url=", "hands")
             for n, line in enumerate(said) if word in line]  # fmt: skip
    assert order == sorted(order)
    assert len(order) == len(said)
    assert not any("http://192.168.1.20" in line for line in said)


@pytest.mark.parametrize("by", ["public_url", "server"])
def test_an_address_elsewhere_has_hints_of_its_own(by):
    said = " ".join(hints("https://class.example", by=by))
    assert "https://class.example" in said
    assert "mobile data" in said
    assert "Wi-Fi" not in said
    assert "hands" in said


def test_an_address_is_whole_and_loses_its_last_slash():
    assert reach.checked("server", None) is None
    assert reach.checked("server", " https://class.example/ ") == "https://class.example"
    assert reach.checked("public_url", "http://203.0.113.9:8765/") == "http://203.0.113.9:8765"


# The code that phones read.


def test_the_qr_code_is_an_image_of_its_own_and_asks_for_nothing():
    svg = qr_svg("http://192.168.1.20:8765/K7MQPX")
    assert svg.startswith("<svg")
    assert "href" not in svg
    data = qr_data("http://192.168.1.20:8765/K7MQPX")
    assert data.startswith("data:image/svg+xml")
    assert re.findall(r' d="([^"]+)"', svg) == re.findall(r" d='([^']+)'", unquote(data))


def test_a_camera_would_read_the_address(browser: Browser):
    """Drawn by the browser, the modules are those of the code that segno makes."""
    import segno
    from PIL import Image

    url = "http://192.168.1.20:8765/K7MQPX"
    page = browser.new_page(viewport={"width": 600, "height": 600})
    page.set_content(f'<body style="margin:0"><img src="{qr_data(url)}" width="400" height="400">')
    page.wait_for_function("document.images[0].complete && document.images[0].naturalWidth")
    picture = Image.open(io.BytesIO(page.locator("img").screenshot())).convert("L")
    page.close()
    matrix = segno.make(url, error="m", micro=False).matrix
    step = 400 / (len(matrix) + 8)
    dark = [[picture.getpixel((int((x + 4.5) * step), int((y + 4.5) * step))) < 128 for x in range(len(matrix))]
            for y in range(len(matrix))]  # fmt: skip
    assert dark == [[bool(module) for module in row] for row in matrix]
