"""A local registers: the form, which local is meant, where a parcel can go, and what is kept of it."""
