"""Enrolment (国民健康保険の資格): from when to when, in which municipality, for which months, at which share."""
