"""The desks of the hybrid service desk: how they are covered (ITSM domain rules 7.3)."""
