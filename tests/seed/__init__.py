"""The snippets of the how-to about Pebble in charms, as charms that run."""
