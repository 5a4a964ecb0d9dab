"""Classification: vocabularies, their terms, and which record carries which."""

from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, DirectoryRecord, owner_key


class Taxonomy(DirectoryRecord, Base):
    """A vocabulary."""

    __tablename__ = "taxonomy"

    name: Mapped[str]
    description: Mapped[str]
    uri: Mapped[str | None]
    version: Mapped[str | None]


class TaxonomyTerm(DirectoryRecord, Base):
    """A term of a vocabulary."""

    __tablename__ = "taxonomy_term"

    code: Mapped[str | None]
    name: Mapped[str]
    description: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    taxonomy: Mapped[str | None]
    taxonomy_id: Mapped[UUID | None] = owner_key("taxonomy")
    language: Mapped[str | None]
    term_uri: Mapped[str | None]


class Attribute(DirectoryRecord, Base):
    """A term carried by any record: `link_id` names it, `owner_table` says in which table."""

    __tablename__ = "attribute"

    link_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    taxonomy_term_id: Mapped[UUID | None] = owner_key("taxonomy_term")
    link_type: Mapped[str | None]
    link_entity: Mapped[str | None]
    value: Mapped[str | None]
    label: Mapped[str | None]
    owner_table: Mapped[str | None]
