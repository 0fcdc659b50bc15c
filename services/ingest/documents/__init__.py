"""Reading documents: what they are, their pages' text, a picture of the first page."""
