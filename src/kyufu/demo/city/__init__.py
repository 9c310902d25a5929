"""The demo city: feed files as the neighbouring systems of a municipality would send them, of nobody real."""

from kyufu.demo.city.make import Report, check_wish, make_city
from kyufu.demo.city.manifest import FeedFile, Manifest, read_manifest
from kyufu.law.child.cities import MUNICIPALITIES

__all__ = ["MUNICIPALITIES", "FeedFile", "Manifest", "Report", "check_wish", "make_city", "read_manifest"]
