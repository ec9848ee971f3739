"""One charm for each section of the document."""
