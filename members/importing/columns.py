"""Which column of a file holds what: guessed from its headings, English or Spanish; staff have the last word."""

from collections.abc import Sequence

from csan.lib.csvfiles import plain_heading

EMAIL = "email"
# What a file may bring, by the name that our own exports give it, and what staff read.
COLUMNS = {
    EMAIL: "E-mail",
    "given_name": "First name",
    "family_name": "Last name",
    "zip_code": "ZIP code",
    "local": "Local",
    "employer": "Employer",
    "language": "Language",
    "consented_on": "Date of consent",
    "status": "Status (who left stays out)",
}
# Headings as people write them, without accents, signs and spaces; the most likely first.
HEADINGS = {
    EMAIL: (
        "email", "emailaddress", "mail", "correo", "correoelectronico", "emailaddress1", "primaryemail",
        "personalemail", "direccionelectronica", "direcciondecorreo", "homeemail",
    ),
    "given_name": ("givenname", "firstname", "first", "nombre", "nombres", "primernombre", "fname", "forename"),
    "family_name": ("familyname", "lastname", "last", "surname", "apellido", "apellidos", "lname"),
    "zip_code": (
        "zipcode", "zip", "postalcode", "postcode", "codigopostal", "cp", "zip5", "homezip", "mailingzip",
    ),
    "local": ("local", "localnumber", "localno", "union", "unionlocal", "locallodge", "sindicato", "numerodelocal"),
    "employer": (
        "employer", "company", "empleador", "empresa", "patron", "compania", "employername", "workplace",
    ),
    "language": ("language", "lang", "idioma", "lengua", "preferredlanguage", "lenguaje"),
    "consented_on": (
        "consentedon", "consentdate", "dateofconsent", "signedupon", "signupdate", "datesigned", "optindate",
        "askedat", "subscribedon", "fechadeconsentimiento", "fechadeinscripcion", "fecha", "date",
    ),
    "status": ("status", "subscriptionstatus", "estado", "estatus"),
}  # fmt: skip


def guess(headings: Sequence[str]) -> dict[str, int]:
    """For each thing we know, the column that most likely holds it; what is not found is left out."""
    written = [plain_heading(heading) for heading in headings]
    found: dict[str, int] = {}
    for name, known in HEADINGS.items():
        places = [written.index(word) for word in known if word in written]
        if places and places[0] not in found.values():
            found[name] = places[0]
    if EMAIL not in found:
        likely = [number for number, word in enumerate(written) if "mail" in word or "correo" in word]
        if likely:
            found[EMAIL] = likely[0]
    return found
