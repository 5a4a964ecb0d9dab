"""Mail in a folder: each in a file, whole or not at all."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from referral_hub.gateways.mail_folder import FolderMailer, read_stored, stored_names
from tests.gateways.test_mailer import SENDER, a_mail


@pytest.fixture
def mailer(tmp_path: Path) -> FolderMailer:
    return FolderMailer(tmp_path / "mail", SENDER)


def test_a_mail_is_read_as_it_was_sent(mailer: FolderMailer, tmp_path: Path) -> None:
    mailer.send(a_mail())
    (name,) = stored_names(tmp_path / "mail")
    stored = read_stored(tmp_path / "mail", name)
    assert stored is not None
    sent = a_mail()
    assert (stored.to, stored.subject, stored.text) == (sent.to, sent.subject, sent.text)
    assert stored.written_at == sent.written_at


def test_the_newest_comes_first(mailer: FolderMailer, tmp_path: Path) -> None:
    for number, day in ((3, 18), (2, 20), (1, 19)):
        written = a_mail().written_at.replace(day=day)
        mailer.send(replace(a_mail(), id=UUID(int=number), written_at=written))
    days = [name[6:8] for name in stored_names(tmp_path / "mail")]
    assert days == ["20", "19", "18"]


def test_a_mail_that_is_sent_again_is_there_once(mailer: FolderMailer, tmp_path: Path) -> None:
    mailer.send(a_mail())
    mailer.send(a_mail())
    assert len(stored_names(tmp_path / "mail")) == 1
    assert [path.suffix for path in (tmp_path / "mail").iterdir()] == [".eml"]


def test_only_the_owner_may_read_mail(mailer: FolderMailer, tmp_path: Path) -> None:
    mailer.send(a_mail())
    (path,) = (tmp_path / "mail").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", "../secret", "/etc/passwd", "nothing", "..", "*"])
def test_only_what_lies_in_the_folder_is_read(
    mailer: FolderMailer, tmp_path: Path, name: str
) -> None:
    mailer.send(a_mail())
    (tmp_path / "secret.eml").write_text("Subject: secret\n\nsecret")
    assert read_stored(tmp_path / "mail", name) is None


def test_a_folder_that_is_not_there_holds_no_mail(tmp_path: Path) -> None:
    assert stored_names(tmp_path / "nowhere") == []
