"""The tables of the web server."""
