"""A reviewed workbook → decisions → store; precision by rule; suggested rules."""
