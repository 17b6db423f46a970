"""IZR: the agriculture register, through the eAGRI gateway (vOKO v02.00)."""
