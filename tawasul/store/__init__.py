"""What is kept: engine, unit of work, tables, one repository a noun, outbox, migrations and seeds."""
