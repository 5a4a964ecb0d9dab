"""How consent reads on pages."""

from collections.abc import Mapping

from referral_hub.rules.consent import Category, RevokedBy, Signer

EXPLAINED: Mapping[Category, str] = {
    Category.EDUCATION_RECORDS: "School records. Needs a signature and a last day.",
    Category.HEALTH: "Illness, disability, pregnancy, mental health.",
    Category.SUBSTANCE_USE: "Alcohol and drugs. Needs a signature, a last day, and named agencies.",
    Category.VIOLENCE: "What happened at home or elsewhere. Share it only if it keeps people safe.",
    Category.IMMIGRATION: "Status and papers. Share it only if the service must know.",
    Category.LEGAL: "Cases, and the other side's name. Legal aid needs it to look for conflicts.",
}
"""What a client should know before ticking a sensitive category."""
SIGNER_LABEL: Mapping[Signer, str] = {
    Signer.CLIENT: "The client",
    Signer.GUARDIAN: "A parent or guardian",
    Signer.REPRESENTATIVE: "Somebody else who may decide for the client",
}
REVOKED_BY_LABEL: Mapping[RevokedBy, str] = {
    RevokedBy.IN_PERSON: "In person",
    RevokedBy.PHONE: "By phone",
    RevokedBy.WRITING: "In writing",
    RevokedBy.CLIENT_LINK: "By the client's own link",
    RevokedBy.AGENCY: "The agency ends it",
}
CHOSEN_REVOCATIONS = tuple(each for each in RevokedBy if each is not RevokedBy.CLIENT_LINK)
"""How somebody of the agency can hear of it; the client's link says for itself."""
