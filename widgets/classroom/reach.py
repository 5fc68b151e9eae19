"""How phones find this machine: its addresses, what may stand in between, and the QR code that leads there."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

# Names that tunnels, virtual machines and containers give their interfaces. Phones are on none of them.
VIRTUAL = (
    *("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vnic", "lxc", "cni", "podman", "bridge"),
    *("tun", "tap", "utun", "wg", "ppp", "ipsec", "zt", "tailscale", "vethernet", "vmware", "virtualbox", "hyper-v"),
    *("awdl", "llw", "anpi", "gif", "stf"),  # of macOS, for its own use
)
PRIVATE = tuple(map(ip_network, ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12")))  # RFC 1918, commonest first
SELF_GIVEN = ip_network("169.254.0.0/16")  # RFC 3927: no router gave it, so there is no network either
NOWHERE = ("192.0.2.1", 9)  # RFC 5737: an address that documents may name and nobody has


def addresses() -> list[str]:
    """This machine's IPv4 addresses but for its own loop, likeliest to be reached by phones first."""
    import psutil  # JupyterLite has none, and must be able to say what it is

    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    interfaces = {
        name: [entry.address for entry in entries if entry.family == socket.AF_INET]
        for name, entries in psutil.net_if_addrs().items()
        if name in up
    }
    return ranked(interfaces, route())


def ranked(interfaces: Mapping[str, Iterable[str]], route: str | None) -> list[str]:
    """The addresses of ``interfaces`` (by name), likeliest first; ``route`` is the one that leads out.

    A real interface comes before a tunnel's or a virtual machine's, even where the way out is the tunnel: a laptop on
    a VPN is still on the classroom's Wi-Fi.
    """

    def unlikely(place: tuple[str, IPv4Address]) -> tuple[bool, bool, bool, int]:
        name, address = place
        family = next((n for n, network in enumerate(PRIVATE) if address in network), len(PRIVATE))
        return (address in SELF_GIVEN, name.lower().startswith(VIRTUAL), str(address) != route, family)

    places = [(name, IPv4Address(address)) for name, found in interfaces.items() for address in found]
    usable = [place for place in places if not place[1].is_loopback]
    return list(dict.fromkeys(str(address) for _, address in sorted(usable, key=unlikely)))


def route() -> str | None:
    """The address from which this machine would send to the world; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
        except OSError:
            return None  # no network at all
        address: str = probe.getsockname()[0]
    return address


@dataclass(frozen=True)
class Surroundings:
    """What a kernel can see of where it runs."""

    environ: Mapping[str, str]
    platform: str = "linux"
    modules: frozenset[str] = frozenset()
    release: str = ""  # the system's, as Linux tells it
    files: frozenset[str] = frozenset()  # of CONTAINER_FILES


CONTAINER_FILES = ("/.dockerenv", "/run/.containerenv")
HANDS = "Or go on without phones: count hands, in the same room and the same steps."


def surroundings() -> Surroundings:
    release = Path("/proc/sys/kernel/osrelease")
    return Surroundings(
        environ=os.environ,
        platform=sys.platform,
        modules=frozenset(name for name in ("google.colab",) if name in sys.modules),
        release=release.read_text(encoding="utf-8").strip() if release.exists() else "",
        files=frozenset(path for path in CONTAINER_FILES if Path(path).exists()),
    )


def obstacle(port: int = 8765, here: Surroundings | None = None) -> str | None:
    """Why phones cannot reach this kernel and what to do, in words; None if nothing is known to stand in between."""
    here = here or surroundings()
    env = here.environ
    own = (
        'Open the course in JupyterLab on your own laptop, or name a server that phones can reach: server="https://…".'
    )
    if here.platform == "emscripten":
        return f"This is JupyterLite: the kernel is inside this browser, and no phone can call on it. {own} {HANDS}"
    if "google.colab" in here.modules or "COLAB_RELEASE_TAG" in env:
        return f"This is Colab: the kernel runs at Google, where phones in this room cannot reach it. {own} {HANDS}"
    if any(name.startswith("BINDER_") for name in env):
        return f"This is Binder: the kernel runs far away and lets no phone in. {own} {HANDS}"
    if env.get("CODESPACES") == "true":
        domain = env.get("GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN", "app.github.dev")
        address = f"https://{env.get('CODESPACE_NAME', 'name')}-{port}.{domain}"
        return (
            f"This is a codespace: phones reach it only through GitHub. In the Ports panel make port {port} public, then "
            f'call classroom(…, public_url="{address}"). {HANDS}'
        )
    if any(name.startswith("JUPYTERHUB_") for name in env):
        return f"This is a JupyterHub: its kernels are behind a door that asks everybody to sign in. {own} {HANDS}"
    if "microsoft" in here.release.lower() or "WSL_DISTRO_NAME" in env:
        return (
            "This is Linux inside Windows (WSL): phones see Windows, not this kernel. Put networkingMode=mirrored under "
            "[wsl2] into the file .wslconfig of your Windows user folder and restart WSL, or open the course in a "
            f"JupyterLab that runs on Windows itself. {HANDS}"
        )
    if here.files or "KUBERNETES_SERVICE_HOST" in env or "container" in env:
        return (
            f"This kernel is in a container: phones see only the machine around it. Publish port {port} when you start "
            f'the container (docker run -p {port}:{port} …), then call classroom(…, lan=True, public_url="http://'
            f"ADDRESS:{port}\") with that machine's own address. {HANDS}"
        )
    return None


def checked(name: str, url: str | None) -> str | None:
    """The address without a slash at its end; ValueError says what is wrong with it. ``name`` is the argument's."""
    if url is None:
        return None
    try:
        parts = urlsplit(url.strip())
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        whole = False
    if not whole:
        raise ValueError(
            f'{name}={url!r} is no address that a browser opens. Write all of it: {name}="https://class.example".'
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            f"{name}={url!r} has a path. A room's pages need an address of their own: https://class.example."
        )
    return url.strip().rstrip("/")


def networks(proxies: Iterable[str]) -> tuple[str, ...]:
    """The proxies' addresses or networks; ValueError names one that is neither."""
    for proxy in proxies:
        try:
            ip_network(proxy, strict=False)
        except ValueError:
            raise ValueError(
                f'trusted_proxies: {proxy!r} is no address. Write such as ["127.0.0.1"] or ["10.0.0.0/8"].'
            ) from None
    return tuple(proxies)


ELSEWHERE = {
    "public_url": (
        "Does {url} open on your own phone, on its mobile data? If not: does the tunnel or proxy run, and does it lead to "
        "the port of this server?",
        "Does the room's network hold that address back? Let a phone try on its mobile data.",
        'If you have a server, name it: server="https://…".',
    ),
    "server": (
        "Does {url} open on your own phone, on its mobile data? If not: does the server run, and does whatever stands "
        "before it let the outside in?",
        "Does the room's network hold that address back? Let a phone try on its mobile data.",
    ),
}
BY_HAND = "Or count hands: the same steps in the same room, and phones can still join."


def hints(url: str, others: Iterable[str] = (), by: str = "network") -> list[str]:
    """Why no phone has come to ``url``, likeliest first, and what to try.

    ``others`` are this machine's next addresses; ``by`` says how phones come: ``network``, ``server`` or ``public_url``.
    """
    if by in ELSEWHERE:
        return [*(hint.format(url=url) for hint in ELSEWHERE[by]), BY_HAND]
    tried = [
        "Is the phone in the same Wi-Fi as this computer, and not on its own mobile data?",
        "Does a firewall on this computer hold Python back? Let it take calls from private networks.",
        "Does this network keep its devices apart, as guest networks do? Then no phone can reach any computer in it: "
        "use another network, or a hotspot of your own.",
    ]
    tried += [f"This computer has another address too: {other}" for other in others if other != url]
    return [
        *tried,
        'If you have a server, name it: server="https://…".',
        'If you have a tunnel or a proxy that leads here, name its address: public_url="https://…".',
        BY_HAND,
    ]


def qr_svg(url: str) -> str:
    """A QR code of the address as SVG: black on white in either theme, since cameras expect it, with a quiet margin."""
    import segno

    made: str = segno.make(url, error="m", micro=False).svg_inline(scale=8, border=4, dark="#000", light="#fff")
    return made


def qr_data(url: str) -> str:
    """The same as a ``data:`` URI, for an ``<img>``; say the address in its ``alt``."""
    import segno

    made: str = segno.make(url, error="m", micro=False).svg_data_uri(scale=8, border=4, dark="#000", light="#fff")
    return made
