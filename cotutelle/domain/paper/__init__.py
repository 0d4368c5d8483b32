"""The other papers of a thesis: certificates, proposals, invitations, notices, minutes; what each says and lacks."""
