"""Import a directory: check everything, then load it in one transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.orm import Session

from referral_hub.formats.detect import Format, detect_format
from referral_hub.formats.read import read_directory
from referral_hub.formats.write_json import write_json_list
from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.importing.carrying_out import ImportOptions, carry_out
from referral_hub.use_cases.importing.placing import Gazetteer
from referral_hub.use_cases.importing.report import ImportReport

__all__ = ["ImportOptions", "import_directory", "import_documents"]


def import_directory(
    session: Session,
    actor: Actor,
    path: Path,
    options: ImportOptions,
    *,
    gazetteer: Gazetteer,
    vault: Vault,
    report: ImportReport,
    now: datetime,
) -> ImportReport:
    """Import a file, folder or zip. Good records load, bad ones are reported one by one. What tells
    where a confidential location is gets sealed, and no report says it.

    Raises ImportFailed when nothing in it can be loaded, and the readers' errors when its
    format is not known; then nothing is changed.
    """
    require(actor, Permission.DIRECTORY_IMPORT)
    report.format = str(options.format or detect_format(path))
    records = read_directory(path, options.format, options.mapping)
    return carry_out(
        session, actor, records, options,
        gazetteer=gazetteer, vault=vault, report=report, now=now,
    )  # fmt: skip


def import_documents(
    session: Session,
    actor: Actor,
    documents: Iterable[Mapping[str, Any]],
    options: ImportOptions,
    *,
    gazetteer: Gazetteer,
    vault: Vault,
    report: ImportReport,
    now: datetime,
) -> ImportReport:
    """Import nested HSDS objects that are at hand already, in the same way as a file of them."""
    require(actor, Permission.DIRECTORY_IMPORT)
    with TemporaryDirectory(prefix="referral-hub-documents-") as folder:
        path = Path(folder) / f"{options.source}.json"
        write_json_list(path, documents)
        report.format = str(Format.HSDS_JSON)
        records = read_directory(path, Format.HSDS_JSON)
        return carry_out(
            session, actor, records, options,
            gazetteer=gazetteer, vault=vault, report=report, now=now,
        )  # fmt: skip
