"""Where the tests' kernels and relays keep their things, and kernels: for one test, or for all of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.kernels import end_relay
from tests.support.lasting_kernels import LastingKernel


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    end_relay(tmp_path)


@pytest.fixture(scope="module")
def module_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    yield folder
    end_relay(folder)


@pytest.fixture(scope="module")
def hosts(module_home: Path) -> Iterator[LastingKernel]:
    with LastingKernel(module_home) as kernel:
        yield kernel


@pytest.fixture(scope="module")
def guests(module_home: Path) -> Iterator[LastingKernel]:
    with LastingKernel(module_home) as kernel:
        yield kernel
