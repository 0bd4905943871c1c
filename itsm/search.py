"""What search looks through, in the order in which it is shown. An app that brings things worth
finding adds its source here (servicedesk.search.sources.Source)."""

from servicedesk.search.sources import CIS, PEOPLE, RECORDS, SERVICES

SOURCES = (RECORDS, PEOPLE, CIS, SERVICES)
