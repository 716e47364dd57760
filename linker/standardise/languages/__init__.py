"""Names of one language or people: which spellings are one name, which word is the family name."""
