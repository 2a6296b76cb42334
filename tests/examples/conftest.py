import os
from pathlib import Path

import pytest

from tests.examples.folders import CHECKOUT, make_folder


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder("sample-company", tmp_path_factory.mktemp("sample") / "folder")


@pytest.fixture(scope="session")
def maven_extract() -> Path:
    """The CRM's own CSV files."""
    shared = Path(os.environ.get("PACESETTER_SHARED") or CHECKOUT.parent / "shared")
    extract = Path(os.environ.get("MAVEN_CRM_DIR") or shared / "data" / "maven-crm")
    if not (extract / "sales_pipeline.csv").is_file():
        pytest.skip(f"no Maven CRM extract in {extract}: set MAVEN_CRM_DIR")
    return extract.absolute()


@pytest.fixture(scope="session")
def maven_folder(maven_extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("maven") / "folder"
    return make_folder("maven-crm", out, {"MAVEN_CRM_DIR": str(maven_extract)})
