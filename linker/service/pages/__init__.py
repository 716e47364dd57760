"""Pages for people: the same functions as the JSON routes call, drawn by the server alone."""
