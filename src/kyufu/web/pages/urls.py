"""The addresses of the screens: one `route` per published view; menu headings stand in the order of this list."""

from __future__ import annotations

# ruff: noqa: I001 - the menu stands in the order in which screens are published
from kyufu.web.pages import (
    home,
    people,
    protected,
    applications,
    numbers,
    proposals,
    accounts,
    grants,
    offices,
    rights_table,
)
from kyufu.web.screens import route

urlpatterns = [
    route("", home.show_home),
    route("people/", people.search),
    route("people/<str:token>/", people.show),
    route("people/<str:token>/address/", protected.show_protected_address),
    route("people/<str:token>/number/", numbers.display),
    route("people/<str:token>/number/new/", numbers.register),
    route("people/<str:token>/number/change/", numbers.change),
    route("applications/", applications.show_list),
    route("applications/<str:token>/", applications.show),
    route("applications/<str:token>/approve/", applications.approve),
    route("applications/<str:token>/send-back/", applications.send_back),
    route("numbers/", numbers.search),
    route("proposals/", proposals.show_list),
    route("proposals/<str:token>/", proposals.show),
    route("proposals/<str:token>/refuse/", proposals.refuse),
    route("proposals/<str:token>/withdraw/", proposals.withdraw),
    route("accounts/", accounts.show_list),
    route("accounts/new/", accounts.add),
    route("accounts/<str:token>/", accounts.show),
    route("accounts/<str:token>/renew/", accounts.renew),
    route("accounts/<str:token>/lock/", accounts.lock),
    route("accounts/<str:token>/unlock/", accounts.unlock),
    route("accounts/<str:token>/end/", accounts.end),
    route("grants/", grants.show_waiting),
    route("grants/new/", grants.ask),
    route("grants/<str:token>/confirm/", grants.confirm),
    route("grants/<str:token>/refuse/", grants.refuse),
    route("grants/<str:token>/end/", grants.end),
    route("offices/", offices.show_offices),
    route("offices/new/", offices.add_office),
    route("offices/<str:token>/close/", offices.close_office),
    route("terminals/", offices.show_terminals),
    route("terminals/new/", offices.add_terminal),
    route("terminals/<str:token>/close/", offices.close_terminal),
    route("rights-table/", rights_table.show),
    route("rights-table/csv/", rights_table.export),
    route("rights-table/compare/", rights_table.compare),
]
