"""Reports: what a link run did and what a model holds, as single pages that a person reads."""
