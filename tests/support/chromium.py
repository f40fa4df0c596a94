"""Finds a Chromium for the browser tests, installs one where that can be done unasked, or explains."""

import os
import shutil
import subprocess
import sys

# Each window of a headless Chromium loads pages for the suggestions below its address bar: the greater part of what a
# new guest costs, and nobody types there.
_UNSEEN = ["WebUIOmniboxAimPopup", "WebUIOmniboxPopup"]
# What Playwright turns off itself, by a switch of which only the last one counts.
_OFF_WITH_PLAYWRIGHT = [
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
]

LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join([*_OFF_WITH_PLAYWRIGHT, *_UNSEEN])}",
]

_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


class NoChromium(RuntimeError):
    """There is none, and none could be installed; the message says what to do."""


def chromium_path() -> str:
    """The path of a Chromium or Chrome; installs Debian's when there is none and apt may be used.

    Raises:
        NoChromium: with one sentence for whoever runs the tests.
    """
    named = os.environ.get("COWIDGET_CHROMIUM")
    if named is not None:
        if shutil.which(named) is None:
            raise NoChromium(f"COWIDGET_CHROMIUM is {named}, which is not a program.")
        return named
    return _installed() or _installed_by_apt()


def _installed() -> str | None:
    return next((path for name in [*_NAMES, _MAC] if (path := shutil.which(name))), None)


def _installed_by_apt() -> str:
    problem = _apt_install()
    path = _installed()
    if path is None:
        raise NoChromium(
            "The browser tests need Chromium or Google Chrome: install the package 'chromium' (or Chrome), "
            f"or set COWIDGET_CHROMIUM to its path ({problem})."
        )
    return path


def _apt_install() -> str:
    """Returns why there may still be none."""
    prefix = _root_prefix()
    if shutil.which("apt-get") is None:
        return "there is no apt-get here to install it with"
    if prefix is None:
        return "installing it needs root"
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
        done = subprocess.run([*prefix, *environment, *command], stdout=sys.stderr, check=False)
        if done.returncode != 0:
            return f"'{' '.join(command)}' failed"
    return "apt-get installed the package, but no browser"


def _root_prefix() -> list[str] | None:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


if __name__ == "__main__":
    try:
        print(chromium_path())
    except NoChromium as problem:
        sys.exit(str(problem))
