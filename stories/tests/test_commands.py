"""What the small commands say and do."""

import socket
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from stories.management.commands import serve


def test_serve_hands_the_process_to_gunicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[Any] = []
    monkeypatch.setattr(serve.os, "execv", lambda program, words: became.append(words))
    call_command("serve", address="127.0.0.1:1")
    assert became[0][1:6] == ["-m", "gunicorn", "newsroom.wsgi", "--bind", "127.0.0.1:1"]


@pytest.mark.parametrize("command", ["serve", "quickstart"])
def test_a_port_that_is_taken_or_none_is_told_before_anything_is_done(command: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CommandError, match="already"):
            call_command(command, address=f"127.0.0.1:{other.getsockname()[1]}")
    with pytest.raises(CommandError, match="HOST:PORT"):
        call_command(command, address="8000")


def test_an_import_that_is_told_to_be_silent_is(
    db: None, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    (tmp_path / "a.txt").write_text("A headline\n\nA paragraph about the weather in town.\n")
    call_command("import_seeds", str(tmp_path), verbosity=0)
    assert capsys.readouterr().out == ""
