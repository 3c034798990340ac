"""The ground floor: small parts that every app stands on and that know no app."""
