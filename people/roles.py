"""The role codes and what they open. Stored words: never rename, retire."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CUS = "CUS", _("Customer representative")
    APR = "APR", _("Approver")
    AG1 = "AG1", _("First-line agent")
    SP2 = "SP2", _("Specialist")
    TPT = "TPT", _("Third-party technician")
    LEAD = "LEAD", _("Group lead")
    SDM = "SDM", _("Service desk manager")
    INCM = "INCM", _("Incident manager")
    PRBM = "PRBM", _("Problem manager")
    CHGM = "CHGM", _("Change manager")
    RELM = "RELM", _("Release manager")
    CFGM = "CFGM", _("Configuration manager")
    SLM = "SLM", _("Service level manager")
    FINM = "FINM", _("Financial manager")
    CAPM = "CAPM", _("Capacity manager")
    CONM = "CONM", _("Continuity manager")
    AVLM = "AVLM", _("Availability manager")
    KM = "KM", _("Knowledge manager")
    SUPM = "SUPM", _("Supplier manager")
    SECM = "SECM", _("Security manager")
    SVO = "SVO", _("Service owner")
    CAB = "CAB", _("Member of the change advisory board")
    IMPM = "IMPM", _("Process and improvement office")
    ADM = "ADM", _("Administrator")
    AUD = "AUD", _("Auditor")


MANAGERS = {
    Role.SDM, Role.INCM, Role.PRBM, Role.CHGM, Role.RELM, Role.CFGM, Role.SLM, Role.FINM,
    Role.CAPM, Role.CONM, Role.AVLM, Role.KM, Role.SUPM, Role.SECM, Role.IMPM, Role.ADM, Role.AUD,
}  # fmt: skip
# Who works in the agent's pages at all; members of a support group do so without a role.
INTERNAL = MANAGERS | {Role.AG1, Role.SP2, Role.LEAD, Role.SVO, Role.CAB}
READS_EVERYTHING = {Role.AUD, Role.ADM, Role.SLM, Role.SDM, Role.INCM}
