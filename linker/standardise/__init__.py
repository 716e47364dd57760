"""Raw rows become canonical mentions: one pure function a field, mapped over unique values."""
