"""A weighed case for people and machines: one module a format. Exporters see the model and nothing else.

``board`` and ``answer`` are for the terminal, ``html`` is the report page, ``document`` the JSON documents,
``tables`` rows and columns, ``report`` the files of a run.
"""
