"""Tells what openpyxl reads in a workbook, as JSON: sheets with their cells, row by row."""
import datetime
import json
import re
import sys

import openpyxl


def text(value):
    # ECMA-376 part 1, 22.9.2.19; openpyxl leaves inline texts as they are.
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), value)


def cell(cell):
    value = cell.value
    if isinstance(value, datetime.datetime):
        value = value.isoformat(timespec="milliseconds") + "Z"
    elif isinstance(value, str) and cell.data_type != "f":
        value = text(value)
    link = cell.hyperlink
    return {
        "value": "" if value is None else value if isinstance(value, str) else str(value),
        "kind": "date" if cell.is_date else cell.data_type if cell.value is not None else "",
        "format": cell.number_format,
        "link": (link.target or "internal") + ("#" + link.location if link.location else "") if link else "",
    }


print(json.dumps([
    {
        "name": sheet.title,
        "frozen": sheet.freeze_panes or "",
        "filter": sheet.auto_filter.ref or "",
        "charts": len(sheet._charts),
        "coloured": [str(rule.sqref) for rule in sheet.conditional_formatting],
        "rows": [[cell(one) for one in row] for row in sheet.iter_rows()],
    }
    for sheet in openpyxl.load_workbook(sys.argv[1]).worksheets
]))
