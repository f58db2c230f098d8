"""The pages' base: words in two languages, dates in two calendars, templates, headers, problems, static files.

Rooms bring their own routes and render through `tawasul.web.pages`; nothing here knows a room.
`tawasul.web.base.install` puts the whole of it on an application.
"""
