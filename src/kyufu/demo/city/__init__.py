"""The demo city: feed files as the neighbouring systems of a municipality would send them, of nobody real."""

from kyufu.demo.city.make import MUNICIPALITIES, Report, make_city
from kyufu.demo.city.manifest import FeedFile, Manifest, read_manifest

__all__ = ["MUNICIPALITIES", "FeedFile", "Manifest", "Report", "make_city", "read_manifest"]
