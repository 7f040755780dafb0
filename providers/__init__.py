"""One module per outside service. Their words stop here."""
